namespace Wetware.Raft.Log;

/// <summary>Pages of positions that no group uses just now, shared by all groups of a log.</summary>
internal sealed class PositionPages
{
    /// <summary>Positions in a page: 12 KiB, small enough for an idle group, large enough to be rare.</summary>
    public const int PageSize = 1 << PageShift;

    /// <summary>The logarithm of <see cref="PageSize"/>.</summary>
    public const int PageShift = 9;

    // 6 MiB: what a few busy groups free when they compact.
    private const int SparesMax = 512;

    private readonly Stack<EntryPosition[]> _spares = new(SparesMax);

    public EntryPosition[] Take() => _spares.Count > 0 ? _spares.Pop() : new EntryPosition[PageSize];

    public void Return(EntryPosition[] page)
    {
        if (_spares.Count < SparesMax)
        {
            _spares.Push(page);
        }
    }
}
