using System.Security;

namespace Wetware.Generator.Emit;

/// <summary>Writes XML documentation.</summary>
internal static class DocWriter
{
    /// <summary>Writes a summary: the schema's comment, or what stands in where it has none.</summary>
    public static void Summary(CodeWriter code, string? comment, string instead)
    {
        var text = string.IsNullOrWhiteSpace(comment) ? instead : comment.Trim();
        var lines = Escape(text).Split('\n');
        if (lines.Length == 1)
        {
            code.Line($"/// <summary>{lines[0]}</summary>");
            return;
        }

        code.Line("/// <summary>");
        foreach (var line in lines)
        {
            var trimmed = line.TrimEnd();
            code.Line(trimmed.Length == 0 ? "///" : "/// " + trimmed);
        }

        code.Line("/// </summary>");
    }

    // Text from a schema may hold anything, also characters that XML has no spelling for.
    private static string Escape(string text)
    {
        var clean = text.Replace("\r", "", StringComparison.Ordinal).ToCharArray();
        for (var i = 0; i < clean.Length; i++)
        {
            if ((char.IsControl(clean[i]) && clean[i] is not ('\n' or '\t')) || clean[i] is '\uFFFE' or '\uFFFF' or '\u2028' or '\u2029')
            {
                clean[i] = '?';
            }
        }

        return SecurityElement.Escape(new string(clean))
            .Replace("&apos;", "'", StringComparison.Ordinal)
            .Replace("&quot;", "\"", StringComparison.Ordinal);
    }
}
