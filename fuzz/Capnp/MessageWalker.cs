using Wetware.Capnp;

namespace Wetware.Fuzz.Capnp;

/// <summary>Reads everything that can be reached in a message, without a schema.</summary>
internal static class MessageWalker
{
    /// <summary>A number that depends on every value that was read.</summary>
    public static ulong Digest(PointerReader pointer) => pointer.Kind switch
    {
        PointerKind.Struct => Mix(1, Digest(pointer.GetStruct())),
        PointerKind.List => Mix(2, Digest(pointer.GetList())),
        // A copy gives capabilities numbers of its own, and drops those that the table does not have.
        _ => 0,
    };

    private static ulong Digest(StructReader value)
    {
        var digest = 3UL;
        for (var i = 0; i < value.DataBytes / 8; i++)
        {
            digest = Mix(digest, value.GetUInt64(i));
        }

        for (var i = 0; i < value.PointerCount; i++)
        {
            digest = Mix(digest, Digest(value.GetPointer(i)));
        }

        return digest;
    }

    private static ulong Digest(ListReader list)
    {
        var digest = Mix((ulong)list.ElementSize, (ulong)list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            digest = Mix(digest, list.ElementSize switch
            {
                ElementSize.Void => 0,
                ElementSize.Bit => list.GetBool(i) ? 1UL : 0,
                ElementSize.Byte => list.GetScalar<byte>(i),
                ElementSize.TwoBytes => list.GetScalar<ushort>(i),
                ElementSize.FourBytes => list.GetScalar<uint>(i),
                ElementSize.EightBytes => list.GetScalar<ulong>(i),
                ElementSize.Pointer => Digest(list.GetPointer(i)),
                _ => Digest(list.GetStruct(i)),
            });
        }

        return digest;
    }

    private static ulong Mix(ulong digest, ulong value) => ulong.RotateLeft((digest ^ value) * 0x9E37_79B9_7F4A_7C15UL, 29);
}
