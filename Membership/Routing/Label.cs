using System.Text;
using Wetware.Protocol.Routing;

namespace Wetware.Membership.Routing;

/// <summary>
/// UTF-8 text that is a key of an index: immutable, ordered by its bytes, with the first eight of them as a number so that most
/// comparisons touch nothing else. Invariant: it holds no zero byte, so padding the head with zeros keeps the order.
/// </summary>
public sealed class Label
{
    private readonly byte[] _bytes;

    internal Label(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes.ToArray();
        Head = IndexKey.HeadOf(bytes);
        Neck = bytes.Length > sizeof(ulong) ? IndexKey.HeadOf(bytes[sizeof(ulong)..]) : 0;
    }

    /// <summary>The text in UTF-8.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The first eight bytes, most significant first, padded with zeros.</summary>
    internal ulong Head { get; }

    /// <summary>The eight bytes after the head, in the same way.</summary>
    internal ulong Neck { get; }

    /// <summary>Orders by bytes; nothing comes before everything.</summary>
    internal static int Compare(Label? left, Label? right)
    {
        if (ReferenceEquals(left, right))
        {
            return 0;
        }

        if (left is null || right is null)
        {
            return left is null ? -1 : 1;
        }

        return left.Head != right.Head ? left.Head.CompareTo(right.Head) : left.Bytes.SequenceCompareTo(right.Bytes);
    }

    /// <summary>The text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_bytes);
}
