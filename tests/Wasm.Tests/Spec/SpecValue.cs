using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Wetware.Wasm.Tests.Spec;

/// <summary>The suite's notation for values: decimal bit patterns, and two words for NaNs of which not all bits are given.</summary>
internal static class SpecValue
{
    public static Value Parse(JsonElement json)
    {
        var text = json.GetProperty("value");
        return json.GetProperty("type").GetString() switch
        {
            "i32" => Value.From((int)uint.Parse(text.GetString()!, CultureInfo.InvariantCulture)),
            "i64" => Value.From((long)ulong.Parse(text.GetString()!, CultureInfo.InvariantCulture)),
            "f32" => Value.FromF32Bits(uint.Parse(text.GetString()!, CultureInfo.InvariantCulture)),
            "f64" => Value.FromF64Bits(ulong.Parse(text.GetString()!, CultureInfo.InvariantCulture)),
            "externref" => Value.FromExtern(text.GetString() is "null" ? null : text.GetString()),
            "funcref" => Value.From((FuncRef?)null),
            _ => Value.From(Vector(json, static lane => ulong.Parse(lane, CultureInfo.InvariantCulture))),
        };
    }

    public static bool Matches(JsonElement json, Value actual)
    {
        var type = json.GetProperty("type").GetString()!;
        var text = json.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return type switch
        {
            "i32" => actual.Type == ValType.I32 && actual.AsI32() == (int)uint.Parse(text!, CultureInfo.InvariantCulture),
            "i64" => actual.Type == ValType.I64 && actual.AsI64() == (long)ulong.Parse(text!, CultureInfo.InvariantCulture),
            "f32" => actual.Type == ValType.F32 && Float(text!, (ulong)actual.AsI64() & uint.MaxValue, 32),
            "f64" => actual.Type == ValType.F64 && Float(text!, (ulong)actual.AsI64(), 64),
            "externref" => actual.Type == ValType.ExternRef && (string?)actual.AsExtern() == (text == "null" ? null : text),
            "funcref" => actual.Type == ValType.FuncRef && (text is null || actual.AsFuncRef() is null),
            _ => actual.Type == ValType.V128 && Lanes(json, actual.AsV128()),
        };
    }

    private static bool Lanes(JsonElement json, Vector128<byte> actual)
    {
        var kind = json.GetProperty("lane_type").GetString()!;
        var lanes = json.GetProperty("value").EnumerateArray().Select(static lane => lane.GetString()!).ToArray();
        if (kind[0] == 'i')
        {
            return actual == Vector(json, static lane => ulong.Parse(lane, CultureInfo.InvariantCulture));
        }

        for (var i = 0; i < lanes.Length; i++)
        {
            var bits = kind == "f32" ? actual.AsUInt32()[i] : actual.AsUInt64()[i];
            if (!Float(lanes[i], bits, kind == "f32" ? 32 : 64))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Float(string expected, ulong bits, int width)
    {
        var sign = 1UL << (width - 1);
        var quiet = width == 32 ? 0x7fc00000UL : 0x7ff8000000000000UL;
        return expected switch
        {
            "nan:canonical" => (bits & ~sign) == quiet,
            "nan:arithmetic" => (bits & quiet) == quiet,
            _ => bits == ulong.Parse(expected, CultureInfo.InvariantCulture),
        };
    }

    private static Vector128<byte> Vector(JsonElement json, Func<string, ulong> parse)
    {
        var lanes = json.GetProperty("value").EnumerateArray().Select(lane => parse(lane.GetString()!)).ToArray();
        return lanes.Length switch
        {
            16 => Vector128.Create(Array.ConvertAll(lanes, static lane => (byte)lane)),
            8 => Vector128.Create(Array.ConvertAll(lanes, static lane => (ushort)lane)).AsByte(),
            4 => Vector128.Create(Array.ConvertAll(lanes, static lane => (uint)lane)).AsByte(),
            _ => Vector128.Create(lanes).AsByte(),
        };
    }
}
