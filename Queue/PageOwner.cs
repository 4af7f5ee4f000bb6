using Wetware.Core;

namespace Wetware.Queue;

/// <summary>Tells which pages of something belong to it alone, and which it shares with a frozen copy of itself and must not change.</summary>
internal sealed class PageOwner
{
    private int _sharedUntil;

    /// <summary>What a page that is made now is marked with.</summary>
    public int Epoch { get; private set; } = 1;

    public bool IsShared(int epoch) => epoch <= _sharedUntil;

    public void Freeze()
    {
        Invariant.Check(_sharedUntil == 0);
        _sharedUntil = Epoch++;
    }

    public void Release()
    {
        Invariant.Check(_sharedUntil != 0);
        _sharedUntil = 0;
    }
}
