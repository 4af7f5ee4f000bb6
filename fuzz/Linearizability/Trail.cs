namespace Wetware.Fuzz.Linearizability;

/// <summary>The operations linearized on the way to where a search stands, and the longest way that satisfied most returns.</summary>
internal sealed class Trail
{
    private int[] _now = [];
    private int[] _best = [];
    private int _bestLength;
    private bool _bestIsNow;

    public int Length { get; private set; }

    /// <summary>The most returns satisfied so far.</summary>
    public int BestReturns { get; private set; }

    /// <summary>The way that satisfied the most returns, as positions in the history.</summary>
    public ReadOnlySpan<int> Best
    {
        get
        {
            Keep();
            return _best.AsSpan(0, _bestLength);
        }
    }

    public void Reset(int operations)
    {
        if (_now.Length < operations)
        {
            _now = new int[operations];
            _best = new int[operations];
        }

        Length = 0;
        BestReturns = 0;
        _bestLength = 0;
        _bestIsNow = true;
    }

    public void Push(int position) => _now[Length++] = position;

    public void Note(int returns)
    {
        if (returns > BestReturns)
        {
            BestReturns = returns;
            _bestLength = Length;
            _bestIsNow = true;
        }
    }

    /// <summary>Goes back; the best is copied only once the way leaves it, so that a search that never errs copies nothing.</summary>
    public void Truncate(int length)
    {
        if (length < _bestLength)
        {
            Keep();
        }

        Length = length;
    }

    private void Keep()
    {
        if (_bestIsNow)
        {
            _now.AsSpan(0, _bestLength).CopyTo(_best);
            _bestIsNow = false;
        }
    }
}
