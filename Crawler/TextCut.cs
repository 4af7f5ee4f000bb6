namespace Wetware.Crawler;

/// <summary>Cuts text to a bound without splitting a character.</summary>
internal static class TextCut
{
    public static string At(string text, int charactersMax)
    {
        if (text.Length <= charactersMax)
        {
            return text;
        }

        return char.IsHighSurrogate(text[charactersMax - 1]) ? text[..(charactersMax - 1)] : text[..charactersMax];
    }
}
