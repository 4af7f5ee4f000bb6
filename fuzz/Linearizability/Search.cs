using System.Diagnostics;
using Wetware.Core;

namespace Wetware.Fuzz.Linearizability;

/// <summary>
/// Looks for a linearization of one part of a history: Wing and Gong's search with Lowe's memory of configurations met and
/// just-in-time linearization. A configuration is the first return not yet satisfied, the state, and the operations
/// linearized ahead of that return; reads whose answer is right are linearized at once and never branch. After its arrays
/// have grown, a node costs no allocation. Exponential in the number of operations under way at once, at worst.
/// </summary>
internal sealed class Search
{
    private readonly Configurations _met = new();
    private readonly Trail _trail = new();
    private Schedule _schedule = new();
    private Transitions _transitions = null!;
    private ulong[] _scratch = [];
    private Frame[] _frames = [];
    private int _depth;
    private int _slotWords;

    /// <summary>Configurations expanded by the last run.</summary>
    public long Nodes { get; private set; }

    /// <summary>The way that satisfied the most returns, as positions in the history; valid until the next run.</summary>
    public ReadOnlySpan<int> Best => _trail.Best;

    /// <summary>How many returns that way satisfied.</summary>
    public int BestReturns => _trail.BestReturns;

    /// <param name="schedule">The part to linearize.</param>
    /// <param name="transitions">Its model in numbers.</param>
    /// <param name="deadline">A <see cref="Stopwatch"/> timestamp, looked at before each node.</param>
    public Verdict Run(Schedule schedule, Transitions transitions, long deadline)
    {
        Reset(schedule, transitions);
        _scratch.AsSpan().Clear();
        if (Settle())
        {
            return Verdict.Linearizable;
        }

        Push(0);
        while (_depth > 0)
        {
            if (Stopwatch.GetTimestamp() > deadline || !_met.HasRoom)
            {
                return Verdict.Unknown;
            }

            Nodes++;
            if (Advance())
            {
                return Verdict.Linearizable;
            }
        }

        return Verdict.NotLinearizable;
    }

    private void Reset(Schedule schedule, Transitions transitions)
    {
        _schedule = schedule;
        _transitions = transitions;
        _slotWords = (schedule.SlotCount + 63) / 64;
        _met.Reset(1 + _slotWords, (schedule.Open.Length + 63) / 64);
        var operations = schedule.Returned.Length + schedule.Open.Length;
        _trail.Reset(operations);
        if (_frames.Length < operations + 1)
        {
            _frames = new Frame[operations + 1];
        }

        if (_scratch.Length != _met.Stride)
        {
            _scratch = new ulong[_met.Stride];
        }

        _depth = 0;
        Nodes = 0;
    }

    // One step from the top configuration: the next candidate that leads somewhere new, or back. True at the end of the part.
    private bool Advance()
    {
        ref var frame = ref _frames[_depth - 1];
        _trail.Truncate(frame.Trail);
        var here = _met[frame.Configuration];
        var p = (int)(here[0] >> 32);
        var from = _schedule.CandidatesFrom[p];
        var returned = _schedule.CandidatesFrom[p + 1] - from;
        var all = returned + _schedule.OpenVisible[p];
        while (frame.Cursor < all)
        {
            var cursor = frame.Cursor++;
            here = _met[frame.Configuration];
            var taken = cursor < returned ? TakeReturned(here, _schedule.Candidates[from + cursor]) : TakeOpen(here, cursor - returned);
            if (!taken)
            {
                continue;
            }

            var trail = frame.Trail;
            if (Settle())
            {
                return true;
            }

            if (Push(trail))
            {
                return false;
            }
        }

        _depth--;
        return false;
    }

    private bool TakeReturned(ReadOnlySpan<ulong> here, int number)
    {
        ref var call = ref _schedule.Returned[number];

        // A read that were legal here would have been linearized on arrival.
        if (call.IsRead || Has(here, 1, call.Slot))
        {
            return false;
        }

        return Take(here, call, 1, call.Slot);
    }

    private bool TakeOpen(ReadOnlySpan<ulong> here, int number)
    {
        ref var call = ref _schedule.Open[number];
        var first = 1 + _slotWords;

        // Of equal open calls the one invoked first can stand for any other, so the others wait for it.
        if (Has(here, first, number) || (call.Slot >= 0 && !Has(here, first, call.Slot)))
        {
            return false;
        }

        return Take(here, call, first, number);
    }

    private bool Take(ReadOnlySpan<ulong> here, in ScheduledCall call, int firstWord, int bit)
    {
        var state = (int)(uint)here[0];
        var next = _transitions.Next(state, call.Call);
        if (next == StepTable.Illegal)
        {
            return false;
        }

        here.CopyTo(_scratch);
        _scratch[0] = (here[0] & ~(ulong)uint.MaxValue) | (uint)next;
        _scratch[firstWord + (bit >> 6)] |= 1UL << (bit & 63);
        _trail.Push(call.Position);
        return true;
    }

    // Linearizes every read that is right, and passes every return whose operation is linearized; again while anything passes.
    private bool Settle()
    {
        var p = (int)(_scratch[0] >> 32);
        var state = (int)(uint)_scratch[0];
        while (p < _schedule.Returned.Length)
        {
            LinearizeReads(p, state);
            var slot = _schedule.Returned[p].Slot;
            if (!Has(_scratch, 1, slot))
            {
                break;
            }

            _scratch[1 + (slot >> 6)] &= ~(1UL << (slot & 63));
            p++;
        }

        _scratch[0] = ((ulong)(uint)p << 32) | (uint)state;
        _trail.Note(p);
        return p == _schedule.Returned.Length;
    }

    private void LinearizeReads(int p, int state)
    {
        var end = _schedule.CandidatesFrom[p + 1];
        for (var i = _schedule.CandidatesFrom[p]; i < end; i++)
        {
            ref var call = ref _schedule.Returned[_schedule.Candidates[i]];
            if (call.IsRead && !Has(_scratch, 1, call.Slot) && _transitions.Next(state, call.Call) != StepTable.Illegal)
            {
                _scratch[1 + (call.Slot >> 6)] |= 1UL << (call.Slot & 63);
                _trail.Push(call.Position);
            }
        }
    }

    // A frame remembers the trail before its first candidate: what Settle linearized on arrival belongs to it.
    private bool Push(int trailBefore)
    {
        var id = _met.Add(_scratch);
        if (id < 0)
        {
            _trail.Truncate(trailBefore);
            return false;
        }

        Invariant.Check(_depth < _frames.Length, "a configuration for each operation at most");
        _frames[_depth++] = new Frame { Configuration = id, Cursor = 0, Trail = _trail.Length };
        return true;
    }

    private static bool Has(ReadOnlySpan<ulong> words, int first, int bit) => (words[first + (bit >> 6)] & (1UL << (bit & 63))) != 0;

    private struct Frame
    {
        public int Configuration;
        public int Cursor;
        public int Trail;
    }
}
