using System.Numerics;
using Wetware.Core;
using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>
/// Numbers a client's commands so that the machine can tell a retry from a new command: at most a window of them may be unanswered at
/// once, counted from the oldest. A retry is sent with the number it had. Not safe for concurrent use.
/// Invariant: no number is given out while the one a window before it is unanswered.
/// </summary>
/// <param name="id">The session, as the reply to <see cref="QueueCommand.OpenSession"/> named it.</param>
public sealed class SessionNumbers(ulong id)
{
    // Bit i stands for the number _oldest + i: set while it is unanswered.
    private uint _unanswered;
    private ulong _oldest = 1;
    private ulong _next = 1;

    /// <summary>The session.</summary>
    public ulong Id { get; } = id;

    /// <summary>Commands that wait for their answer.</summary>
    public int Unanswered => BitOperations.PopCount(_unanswered);

    /// <summary>Gives the next command its number, if the window has room for it.</summary>
    public bool TryBegin(out ulong sequence)
    {
        sequence = 0;
        if (_next - _oldest >= (ulong)QueueLimits.SessionWindow)
        {
            return false;
        }

        sequence = _next++;
        _unanswered |= 1u << (int)(sequence - _oldest);
        return true;
    }

    /// <summary>Marks a command as answered, or as given up for good: it must not be sent again.</summary>
    public void End(ulong sequence)
    {
        Invariant.Check(sequence >= _oldest && sequence < _next);
        var bit = 1u << (int)(sequence - _oldest);
        Invariant.Check((_unanswered & bit) != 0);
        _unanswered &= ~bit;
        var answered = _unanswered == 0 ? (int)(_next - _oldest) : BitOperations.TrailingZeroCount(_unanswered);
        _oldest += (ulong)answered;
        _unanswered = _unanswered == 0 ? 0 : _unanswered >> answered;
    }
}
