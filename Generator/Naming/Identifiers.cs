using System.Text;

namespace Wetware.Generator.Naming;

/// <summary>Turns names of schemas and files into C# identifiers.</summary>
internal static class Identifiers
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal",
        "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for",
        "foreach", "goto", "if", "implicit", "in", "int", "interface",
        "internal", "is", "lock", "long", "namespace", "new", "null", "object",
        "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short",
        "sizeof", "stackalloc", "static", "string", "struct", "switch", "this",
        "throw", "true", "try", "typeof", "uint", "ulong", "unchecked",
        "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",

        // Contextual ones that still mean trouble as the name of a type or a parameter.
        "async", "await", "dynamic", "field", "file", "nameof", "record",
        "required", "scoped", "unmanaged", "value", "var", "where", "yield",
    };

    /// <summary>A member or type name: the first letter upper case; parts split at anything that is no letter or digit.</summary>
    public static string Pascal(string name)
    {
        var result = new StringBuilder(name.Length);
        var upper = true;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                upper = true;
                continue;
            }

            result.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }

        if (result.Length == 0 || char.IsAsciiDigit(result[0]))
        {
            result.Insert(0, '_');
        }

        return result.ToString();
    }

    /// <summary>A parameter name: the first letter lower case, a keyword with @.</summary>
    public static string Camel(string name)
    {
        var pascal = Pascal(name);
        return Escape(char.ToLowerInvariant(pascal[0]) + pascal[1..]);
    }

    /// <summary>The name, with @ before it where it is a keyword.</summary>
    public static string Escape(string name) => Keywords.Contains(name) ? "@" + name : name;

    /// <summary>Whether text can stand as an identifier as it is.</summary>
    public static bool IsIdentifier(string text)
    {
        if (text.Length == 0 || char.IsAsciiDigit(text[0]) || Keywords.Contains(text))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The namespace of a file that names none: its name without folder and extension.</summary>
    public static string NamespaceOf(string path) => Pascal(Path.GetFileNameWithoutExtension(path));
}
