using System.Text;

namespace Wetware.Fuzz.Wasm;

/// <summary>Writes modules in the binary format, section by section, for generators and tests.</summary>
internal sealed class ModuleWriter
{
    public const byte I32 = 0x7f;
    public const byte I64 = 0x7e;
    public const byte F32 = 0x7d;
    public const byte F64 = 0x7c;

    private readonly List<byte[]> _types = [];
    private readonly List<byte[]> _imports = [];
    private readonly List<byte[]> _functions = [];
    private readonly List<byte[]> _tables = [];
    private readonly List<byte[]> _memories = [];
    private readonly List<byte[]> _globals = [];
    private readonly List<byte[]> _exports = [];
    private readonly List<byte[]> _elements = [];
    private readonly List<byte[]> _bodies = [];
    private readonly List<byte[]> _data = [];
    private int _imported;

    public int Type(byte[] parameters, byte[] results) => Add(_types, [0x60, .. Vector(parameters), .. Vector(results)]);

    public int Import(string module, string name, int type)
    {
        _imports.Add([.. Name(module), .. Name(name), 0, .. U32((uint)type)]);
        return _imported++;
    }

    public void Table(uint minimum, uint? maximum = null) => _tables.Add([0x70, .. Range(minimum, maximum)]);

    public void Memory(uint minimum, uint? maximum = null) => _memories.Add(Range(minimum, maximum));

    public int Global(byte type, bool mutable, byte[] initial) => Add(_globals, [type, mutable ? (byte)1 : (byte)0, .. initial, 0x0b]);

    /// <summary>A function; its code without the final end. Groups of locals are (count, type).</summary>
    public int Function(int type, (uint Count, byte Type)[] locals, byte[] code, string? export = null)
    {
        _functions.Add(U32((uint)type));
        byte[] body = [.. U32((uint)locals.Length), .. locals.SelectMany(static group => (byte[])[.. U32(group.Count), group.Type]), .. code, 0x0b];
        _bodies.Add([.. U32((uint)body.Length), .. body]);
        var index = _imported + _bodies.Count - 1;
        if (export is not null)
        {
            Export(export, 0, index);
        }

        return index;
    }

    public void Export(string name, byte kind, int index) => _exports.Add([.. Name(name), kind, .. U32((uint)index)]);

    public void Elements(int start, params int[] functions) =>
        _elements.Add([0, 0x41, .. S64(start), 0x0b, .. U32((uint)functions.Length), .. functions.SelectMany(static function => U32((uint)function))]);

    public void Data(int start, byte[] bytes) => _data.Add([0, 0x41, .. S64(start), 0x0b, .. Vector(bytes)]);

    public byte[] ToArray() =>
    [
        0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, .. Section(1, _types), .. Section(2, _imports), .. Section(3, _functions), .. Section(4, _tables),
        .. Section(5, _memories), .. Section(6, _globals), .. Section(7, _exports), .. Section(9, _elements), .. Section(10, _bodies), .. Section(11, _data),
    ];

    public static byte[] U32(uint value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static byte[] S64(long value)
    {
        var bytes = new List<byte>();
        while (value is < -64 or > 63)
        {
            bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        bytes.Add((byte)(value & 0x7f));
        return [.. bytes];
    }

    private static byte[] Name(string name) => Vector(Encoding.UTF8.GetBytes(name));

    private static byte[] Vector(byte[] bytes) => [.. U32((uint)bytes.Length), .. bytes];

    private static byte[] Range(uint minimum, uint? maximum) =>
        maximum is { } limit ? [1, .. U32(minimum), .. U32(limit)] : [0, .. U32(minimum)];

    private static byte[] Section(byte id, List<byte[]> items)
    {
        if (items.Count == 0)
        {
            return [];
        }

        byte[] content = [.. U32((uint)items.Count), .. items.SelectMany(static item => item)];
        return [id, .. Vector(content)];
    }

    private static int Add(List<byte[]> items, byte[] item)
    {
        items.Add(item);
        return items.Count - 1;
    }
}
