using Wetware.Core;

namespace Wetware.Fuzz.Linearizability;

/// <summary>
/// One part of a history in the form the search runs on. Operations that returned are numbered in the order of their
/// returns, and hold a slot from invocation to return, so that what is linearized ahead of the first return not yet
/// satisfied is a handful of slot bits, however long the history. Open operations stand aside, in the order of invocation:
/// no return waits for them, and reads among them say nothing and are left out.
/// </summary>
internal sealed class Schedule
{
    private readonly List<int> _candidates = [];
    private readonly List<int> _slotHolders = [];

    /// <summary>Where each operation that returned comes from, what it calls, whether it only reads, and its slot.</summary>
    public ScheduledCall[] Returned { get; private set; } = [];

    /// <summary>The same for open operations; the slot is the open operation before it with the same call, or -1.</summary>
    public ScheduledCall[] Open { get; private set; } = [];

    /// <summary>At return p, candidates from [p] to [p + 1] are under way, p itself first.</summary>
    public int[] CandidatesFrom { get; private set; } = [];

    /// <summary>How many open operations were invoked no later than return p.</summary>
    public int[] OpenVisible { get; private set; } = [];

    public int SlotCount => _slotHolders.Count;

    public List<int> Candidates => _candidates;

    /// <summary>Takes the operations whose positions are listed.</summary>
    /// <param name="invoked">Invocation times, by position.</param>
    /// <param name="returned">Return times, by position.</param>
    /// <param name="calls">Interned calls, by position.</param>
    /// <param name="reads">Whether a call only reads, by position.</param>
    /// <param name="part">The positions that belong to this part.</param>
    public void Load(long[] invoked, long[] returned, int[] calls, bool[] reads, List<int> part)
    {
        var byInvocation = part.ToArray();
        Sort(byInvocation, invoked);
        var byReturn = byInvocation.Where(at => returned[at] != Operation.Open).ToArray();
        Sort(byReturn, returned);
        Returned = Array.ConvertAll(byReturn, at => new ScheduledCall(at, calls[at], reads[at], 0));
        LoadOpen(byInvocation.Where(at => returned[at] == Operation.Open && !reads[at]).ToArray(), calls);
        CandidatesFrom = new int[byReturn.Length + 1];
        OpenVisible = new int[byReturn.Length];
        Sweep(invoked, returned, byInvocation);
    }

    private static void Sort(int[] positions, long[] times) =>
        Array.Sort(positions, (left, right) => times[left] != times[right] ? times[left].CompareTo(times[right]) : left.CompareTo(right));

    private void LoadOpen(int[] open, int[] calls)
    {
        var last = new Dictionary<int, int>();
        Open = new ScheduledCall[open.Length];
        for (var i = 0; i < open.Length; i++)
        {
            var call = calls[open[i]];
            Open[i] = new ScheduledCall(open[i], call, IsRead: false, last.GetValueOrDefault(call, -1));
            last[call] = i;
        }
    }

    private void Sweep(long[] invoked, long[] returned, int[] byInvocation)
    {
        _candidates.Clear();
        _slotHolders.Clear();
        var numbers = new Dictionary<int, int>(Returned.Length);
        for (var p = 0; p < Returned.Length; p++)
        {
            numbers.Add(Returned[p].Position, p);
        }

        var vacant = new SortedSet<int>();
        var (next, open) = (0, 0);
        for (var p = 0; p < Returned.Length; p++)
        {
            var time = returned[Returned[p].Position];
            for (; next < byInvocation.Length && invoked[byInvocation[next]] <= time; next++)
            {
                if (numbers.TryGetValue(byInvocation[next], out var number))
                {
                    Returned[number] = Returned[number] with { Slot = Occupy(vacant, number) };
                }
            }

            while (open < Open.Length && invoked[Open[open].Position] <= time)
            {
                open++;
            }

            OpenVisible[p] = open;
            Leave(vacant, p);
        }

        CandidatesFrom[Returned.Length] = _candidates.Count;
    }

    private int Occupy(SortedSet<int> vacant, int number)
    {
        if (vacant.Count == 0)
        {
            _slotHolders.Add(number);
            return _slotHolders.Count - 1;
        }

        var slot = vacant.Min;
        vacant.Remove(slot);
        _slotHolders[slot] = number;
        return slot;
    }

    private void Leave(SortedSet<int> vacant, int p)
    {
        CandidatesFrom[p] = _candidates.Count;
        _candidates.Add(p);
        foreach (var holder in _slotHolders)
        {
            if (holder > p)
            {
                _candidates.Add(holder);
            }
        }

        Invariant.Check(_slotHolders[Returned[p].Slot] == p, "an operation holds its slot until it returns");
        _slotHolders[Returned[p].Slot] = -1;
        vacant.Add(Returned[p].Slot);
    }
}
