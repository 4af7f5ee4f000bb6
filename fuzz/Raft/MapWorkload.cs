using Wetware.Core;
using Wetware.Fuzz.Linearizability;
using Wetware.Host.Consensus;

namespace Wetware.Fuzz.Raft;

/// <summary>Clients of a map of numbers; with one key, of a register. Commands carry no session: what may have happened is not asked again.</summary>
internal sealed class MapWorkload(IScript<KeyValueCall> script) : IWorkload
{
    private readonly Testimony<string, KeyValueCall> _testimony = new(new KeyValueModel(), () => new SequentialMap());

    public bool HasSessions => false;

    public long Answered => _testimony.Answered;

    public bool IsDone => script.IsDone;

    public ReadOnlySpan<Operation<KeyValueCall>> Operations => _testimony.Operations;

    /// <summary>Reads, writes of values never written before, and swaps that have a chance.</summary>
    public static EndlessScript<KeyValueCall> Endless(ulong seed, int keys)
    {
        var random = new Prng(seed);
        var written = 0L;
        return new(() =>
        {
            var key = ((char)('a' + (int)random.Below((ulong)keys))).ToString();
            return random.Below(10) switch
            {
                < 4 => KeyValueCall.Get(key),
                < 8 => KeyValueCall.Put(key, MapMachine.Text(++written)),
                _ => KeyValueCall.CompareAndSwap(key, MapMachine.Text(Math.Max(0, written - (long)random.Below(4))), MapMachine.Text(++written)),
            };
        });
    }

    public IStateMachine NewMachine() => new MapMachine();

    public bool TryBegin(int client, long now, out ClientRequest request)
    {
        request = default;
        if (!script.TryNext(client, out var call))
        {
            return false;
        }

        var id = _testimony.Invoke(client, call);
        request = new((ulong)id + 1, MapMachine.Encode(call), IsQuery: call.Verb == KeyValueVerb.Get);
        return true;
    }

    public void Applied(ulong number, LogIndex index, ReadOnlySpan<byte> reply)
    {
        if (!_testimony.Place((int)number - 1, index))
        {
            throw new SimulationFailure($"'{_testimony[(int)number - 1]}' is applied again at {index}");
        }
    }

    public void Answer(ulong number, LogIndex index, ReadOnlySpan<byte> reply)
    {
        var id = (int)number - 1;
        if (!_testimony.Place(id, index))
        {
            throw new SimulationFailure($"'{_testimony[id]}' was applied elsewhere, but is said to stand at {index}");
        }

        _testimony.Return(id, MapMachine.Decode(_testimony[id], reply));
    }

    public void Abandon(ulong number)
    {
        // It stays open.
    }

    public void End() => script.End();

    public string? Check() => _testimony.Check();
}
