using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Wetware.Core;

namespace Wetware.Generator.Tests;

/// <summary>Schema text drawn from a seed, and values that fit it, as the JSON that <c>capnp convert</c> reads.</summary>
internal sealed class RandomSchema
{
    private static readonly string[] Names = ["class", "event", "namespace", "new", "value",
        "field", "size", "read", "dataField", "x1", "aB", "out"];
    private static readonly string[] Scalars =
        ["Void", "Bool", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32",
            "UInt64", "Float32", "Float64", "Text", "Data", "Color"];

    private Prng _random;
    private readonly StringBuilder _text = new();
    private readonly List<List<Field>> _structs = [];
    private int _ordinal;

    public RandomSchema(ulong seed)
    {
        _random = new Prng(seed);
        _text.AppendLine("@0x9000000000000042;").AppendLine("enum Color { red @0; green @1; blue @2; }");
        for (var i = 0; i < 6; i++)
        {
            _ordinal = 0;
            _text.AppendLine(CultureInfo.InvariantCulture, $"struct S{i} {{");
            _structs.Add(Fields(2));
            _text.AppendLine("}");
        }
    }

    /// <summary>The schema.</summary>
    public string Text => _text.ToString();

    /// <summary>The name of the struct whose values <see cref="Value"/> draws.</summary>
    public string Root => $"S{_structs.Count - 1}";

    /// <summary>A value of the root struct.</summary>
    public JsonObject Value() => Object(_structs[^1], 3);

    private int Below(int bound) => (int)_random.Below((ulong)bound);

    private List<Field> Fields(int nesting)
    {
        var fields = new List<Field>();
        var count = 1 + Below(8);
        for (var i = 0; i < count; i++)
        {
            fields.Add(Member(nesting, false));
        }

        if (Below(2) == 0)
        {
            _text.AppendLine("union {");
            fields.AddRange([Member(nesting, true), Member(nesting, true), Member(nesting, true)]);
            _text.AppendLine("}");
        }

        return fields;
    }

    private Field Member(int nesting, bool inUnion)
    {
        // The number makes the name unique, the word makes it awkward.
        var name = Names[Below(Names.Length)] + _ordinal.ToString(CultureInfo.InvariantCulture);
        if (nesting > 0 && Below(6) == 0)
        {
            _text.AppendLine(CultureInfo.InvariantCulture, $"{name}g :group {{");
            var inner = Fields(nesting - 1);
            _text.AppendLine("}");
            return new Field(name + "g", "", inner, inUnion);
        }

        var type = Type(2);
        var preset = type switch
        {
            "Bool" when Below(2) == 0 => " = true",
            "Int32" when Below(2) == 0 => " = -77",
            "UInt64" when Below(2) == 0 => " = 18446744073709551615",
            "Float32" when Below(2) == 0 => " = 1.5",
            "Color" when Below(2) == 0 => " = blue",
            _ => "",
        };
        _text.AppendLine(CultureInfo.InvariantCulture, $"{name} @{_ordinal++} :{type}{preset};");
        return new Field(name, type, null, inUnion);
    }

    private string Type(int nesting)
    {
        var choice = Below(10);
        return choice == 0 && nesting > 0 ? $"List({Type(nesting - 1)})"
            : choice == 1 && _structs.Count > 0 ? $"S{Below(_structs.Count)}"
            : Scalars[Below(Scalars.Length)];
    }

    private JsonObject Object(List<Field> fields, int nesting)
    {
        var value = new JsonObject();
        var arms = fields.Where(f => f.InUnion).ToList();
        var chosen = arms.Count == 0 ? null : arms[Below(arms.Count)];
        foreach (var field in fields)
        {
            if (field.InUnion ? field == chosen : field.Group is not null || Below(5) != 0)
            {
                value[field.Name] = field.Group is null ? Of(field.Type, nesting) : Object(field.Group, nesting);
            }
        }

        return value;
    }

    private JsonNode? Of(string type, int nesting) => type switch
    {
        "Void" => null,
        "Bool" => Below(2) == 0,
        "Int8" => (sbyte)_random.Next(),
        "Int16" => (short)_random.Next(),
        "Int32" => (int)_random.Next(),
        "Int64" => ((long)_random.Next()).ToString(CultureInfo.InvariantCulture),
        "UInt8" => (byte)_random.Next(),
        "UInt16" => (ushort)_random.Next(),
        "UInt32" => (uint)_random.Next(),
        "UInt64" => _random.Next().ToString(CultureInfo.InvariantCulture),
        "Float32" => (Below(2000) - 1000) / 8.0,
        "Float64" => (Below(2000000) - 1000000) / 64.0,
        "Text" => new string('\u00e4', Below(3)) + "t" + Below(100).ToString(CultureInfo.InvariantCulture),
        "Data" => new JsonArray([.. Enumerable.Range(0, Below(9)).Select(_ => (JsonNode)Below(256))]),
        "Color" => new[] { "red", "green", "blue" }[Below(3)],
        _ when type[0] == 'L' => new JsonArray([.. Enumerable.Range(0, Below(4)).Select(_ => Of(type[5..^1], nesting - 1))]),
        _ => nesting <= 0 ? new JsonObject() : Object(_structs[type[1] - '0'], nesting - 1),
    };

    private sealed record Field(string Name, string Type, List<Field>? Group, bool InUnion);
}
