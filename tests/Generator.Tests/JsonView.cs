using System.Reflection;
using System.Text.Json.Nodes;
using Wetware.Capnp;

namespace Wetware.Generator.Tests;

/// <summary>
/// Says as JSON what a generated reader gives, by asking each of its properties: the same JSON that <c>capnp convert</c> writes.
/// </summary>
internal static class JsonView
{
    /// <summary>A struct as an object.</summary>
    public static JsonObject Struct(object reader)
    {
        var type = reader.GetType();
        var result = new JsonObject();
        var which = type.GetProperty("Which");
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            // Void fields have no property, and what derives from others is no field.
            if (property.Name is "Raw" or "Which" || property.PropertyType == typeof(bool) && IsHas(type, property))
            {
                continue;
            }

            var inUnion = which is not null && Enum.IsDefined(which.PropertyType, property.Name);
            if (inUnion && which!.GetValue(reader)!.ToString() != property.Name)
            {
                continue;
            }

            // capnp tells the member of a union that is set even where its pointer is null, since otherwise none would seem to be.
            var has = type.GetProperty("Has" + property.Name);
            if (inUnion || has is null || (bool)has.GetValue(reader)!)
            {
                result[Camel(property.Name)] = Value(property.GetValue(reader)!);
            }
        }

        return result;
    }

    /// <summary>Whether both say the same, whatever the order of members.</summary>
    public static bool Same(JsonNode expected, JsonNode actual) => Sorted(WithoutNulls(expected)) == Sorted(WithoutNulls(actual));

    private static JsonNode? Value(object value) => value switch
    {
        bool b => b,
        long or ulong => JsonValue.Create(value.ToString()),
        float f => float.IsFinite(f) ? (double)f : JsonValue.Create(f.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        double d => double.IsFinite(d) ? d : JsonValue.Create(d.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Enum e => Camel(e.ToString()),
        Wetware.Capnp.Void => null,
        Wetware.Capnp.TextReader text => text.ToString(),
        DataReader data => new JsonArray([.. data.ToArray().Select(b => (JsonNode)b)]),
        sbyte or byte or short or ushort or int or uint => JsonValue.Create(Convert.ToInt64(value,
            System.Globalization.CultureInfo.InvariantCulture)),
        _ when value.GetType().GetInterfaces().Any(i => i.IsGenericType
            && i.GetGenericTypeDefinition() == typeof(IIndexed<>)) => List(value),
        _ => Struct(value),
    };

    private static JsonArray List(object list)
    {
        var type = list.GetType();
        var count = (int)type.GetProperty("Count")!.GetValue(list)!;
        var item = type.GetProperties().Single(p => p.GetIndexParameters().Length == 1);
        return new JsonArray([.. Enumerable.Range(0, count).Select(i => Value(item.GetValue(list, [i])!))]);
    }

    private static bool IsHas(Type type, PropertyInfo property) =>
        property.Name.StartsWith("Has", StringComparison.Ordinal) && type.GetProperty(property.Name[3..]) is not null;

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    // A Void field says nothing, so that it has no property; neither does a null capability.
    private static JsonNode WithoutNulls(JsonNode node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToArray())
            {
                if (value is null)
                {
                    members.Remove(name);
                }
                else
                {
                    WithoutNulls(value);
                }
            }
        }

        foreach (var item in node as JsonArray ?? [])
        {
            if (item is not null)
            {
                WithoutNulls(item);
            }
        }

        return node;
    }

    private static string Sorted(JsonNode? node) => node switch
    {
        JsonObject members => "{" + string.Join(",",
            members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => m.Key + ":" + Sorted(m.Value))) + "}",
        JsonArray items => "[" + string.Join(",", items.Select(Sorted)) + "]",
        JsonValue number when number.GetValueKind() == System.Text.Json.JsonValueKind.Number => 
            double.Parse(number.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture).ToString("R",
                System.Globalization.CultureInfo.InvariantCulture),
        null => "null",
        _ => node.ToJsonString(),
    };
}
