using Wetware.Core;

namespace Wetware.Raft.Log;

/// <summary>One segment file in use.</summary>
internal sealed class Segment(ulong number, IFile file, ulong incarnation) : IDisposable
{
    private long _live;

    public ulong Number { get; } = number;

    public IFile File { get; } = file;

    public uint Salt { get; } = Format.SegmentHeader.Salt(number, incarnation);

    /// <summary>How many entries that some group still has lie here. Invariant: never negative.</summary>
    public long Live => _live;

    public void AddLive() => _live++;

    public void DropLive()
    {
        Invariant.Check(_live > 0);
        _live--;
    }

    public void Dispose() => File.Dispose();
}
