using System.Globalization;
using Wetware.Core;

namespace Wetware.Raft.Log;

/// <summary>What the files of a data folder are called.</summary>
internal static class FileNames
{
    public const string Lock = "lock";
    public const string Identity = "identity";
    public const string State = "state";

    /// <summary>Files that are not yet what they will be called; deleted at start.</summary>
    public const string Temporary = ".tmp";

    private const string SegmentSuffix = ".log";
    private const string SnapshotSuffix = ".snapshot";
    private const string PartialSuffix = ".partial";

    public static string Segment(ulong number) => string.Create(CultureInfo.InvariantCulture, $"{number:x16}{SegmentSuffix}");

    public static bool TrySegment(string name, out ulong number)
    {
        number = 0;
        return name.Length == 16 + SegmentSuffix.Length
            && name.EndsWith(SegmentSuffix, StringComparison.Ordinal)
            && TryHex(name.AsSpan(0, 16), out number)
            && number > 0;
    }

    public static string Snapshot(GroupId group, LogIndex index, Term term) => string.Create(
        CultureInfo.InvariantCulture, $"{group.Value:x16}-{index.Value:x16}-{term.Value:x16}{SnapshotSuffix}");

    public static string PartialSnapshot(GroupId group, LogIndex index, Term term) => Snapshot(group, index, term) + PartialSuffix;

    public static bool TrySnapshot(string name, out GroupId group, out LogIndex index, out Term term, out bool isPartial)
    {
        (group, index, term) = default((GroupId, LogIndex, Term));
        isPartial = name.EndsWith(PartialSuffix, StringComparison.Ordinal);
        var whole = isPartial ? name.AsSpan(0, name.Length - PartialSuffix.Length) : name;
        if (whole.Length != 50 + SnapshotSuffix.Length
            || !whole.EndsWith(SnapshotSuffix, StringComparison.Ordinal)
            || whole[16] != '-'
            || whole[33] != '-'
            || !TryHex(whole[..16], out var groupValue)
            || !TryHex(whole.Slice(17, 16), out var indexValue)
            || !TryHex(whole.Slice(34, 16), out var termValue))
        {
            return false;
        }

        (group, index, term) = (new(groupValue), new(indexValue), new(termValue));
        return true;
    }

    private static bool TryHex(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
