using Wetware.Capnp;
using TextReader = Wetware.Capnp.TextReader;

namespace Wetware.Protocol;

/// <summary>Lists of texts on the wire.</summary>
internal static class TextList
{
    public static string[] Read(PointerListReader<TextReader> wire)
    {
        var texts = new string[wire.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = wire[i].ToString();
        }

        return texts;
    }

    public static void Write(PointerListBuilder<TextBuilder> wire, IReadOnlyList<string> texts)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            wire.SetText(i, texts[i]);
        }
    }
}
