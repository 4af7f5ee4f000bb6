using Wetware.Core;
using Wetware.Rpc;

namespace Wetware.Fuzz.Rpc;

/// <summary>Which calls were sent and which arrived, and whether each caller knows what became of its call.</summary>
internal sealed class Ledger
{
    private readonly List<Sending> _answers = [];
    private readonly HashSet<(ulong Through, ulong Number)> _missed = [];
    private int _sent;
    private int _arrived;

    /// <summary>How many answers are kept.</summary>
    public int Count => _answers.Count;

    public void Sent(Answer answer, ulong through, ulong number)
    {
        _answers.Add(new Sending(answer, through, number));
        _sent++;
    }

    public void Arrived() => _arrived++;

    /// <summary>A later call of a reference has arrived before this one.</summary>
    public void Missed(ulong through, ulong number) => _missed.Add((through, number));

    /// <summary>Lets go of an answer.</summary>
    public void Drop(int index)
    {
        // Only answered ones: a canceled call may or may not arrive, and then no order could be demanded of those behind it.
        if (_answers[index].Answer.IsCompleted)
        {
            _answers[index].Answer.Dispose();
            _answers.RemoveAt(index);
        }
    }

    /// <summary>Checks, when nothing moves any more, that every call has arrived, or that a line was cut and its caller knows.</summary>
    public void Close(bool hasCut)
    {
        foreach (var sending in _answers)
        {
            Invariant.Check(sending.Answer.IsCompleted);
            var isLost = IsLost(sending.Answer, hasCut);
            if (_missed.Remove((sending.Through, sending.Number)))
            {
                Invariant.Check(isLost, $"call {sending.Number} through reference {sending.Through} was overtaken, and its caller does not know that it was lost");
            }

            sending.Answer.Dispose();
        }

        Invariant.Check(_missed.Count == 0, "a call was overtaken before the line was cut");
        Invariant.Check(hasCut || _arrived == _sent);
    }

    // A cut line fails what was under way on it; nothing else fails.
    private static bool IsLost(Answer answer, bool hasCut)
    {
        try
        {
            _ = answer.Results;
            return false;
        }
        catch (RpcException error) when (hasCut && error.Type == RpcErrorType.Disconnected)
        {
            return true;
        }
    }

    private readonly record struct Sending(Answer Answer, ulong Through, ulong Number);
}
