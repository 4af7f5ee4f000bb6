namespace Wetware.Capnp;

/// <summary>Measures objects as a copy of them would be; reading like any other, so checked and charged.</summary>
internal static class WireMeasure
{
    /// <summary>Words of everything behind a pointer.</summary>
    public static long Words(PointerReader pointer) => pointer.Kind switch
    {
        PointerKind.Struct => Words(pointer.GetStruct()),
        PointerKind.List => Words(pointer.GetList()),
        _ => 0,
    };

    /// <summary>Words of a struct and everything behind it.</summary>
    public static long Words(StructReader source)
    {
        var words = (long)source.StructSize.TotalWords;
        for (var i = 0; i < source.PointerCount; i++)
        {
            words += Words(source.GetPointer(i));
        }

        return words;
    }

    private static long Words(ListReader source)
    {
        if (source.ElementSize == ElementSize.InlineComposite)
        {
            var structs = 1 + ((long)source.Count * source.StructSize.TotalWords);
            for (var i = 0; i < source.Count && source.StructSize.PointerCount > 0; i++)
            {
                structs += Words(source.GetStruct(i)) - source.StructSize.TotalWords;
            }

            return structs;
        }

        var words = (long)Wire.WordsOfBits((long)source.Count * source.StepBits);
        for (var i = 0; i < source.Count && source.ElementSize == ElementSize.Pointer; i++)
        {
            words += Words(source.GetPointer(i));
        }

        return words;
    }
}
