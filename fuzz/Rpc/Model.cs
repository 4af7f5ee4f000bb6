using Wetware.Core;
using Wetware.Rpc;

namespace Wetware.Fuzz.Rpc;

/// <summary>
/// Two or three vats, every pair connected, driven through a random schedule of calls, pipelined calls, promises,
/// resolutions, drops and deliveries. What must hold: calls through one reference arrive in order (E-order) whatever its
/// promise became meanwhile; none is lost unless the line that it took was cut, and then its caller knows; in the end every table is empty and every object was
/// disposed exactly once.
/// </summary>
internal sealed class Model : IDisposable
{
    private readonly List<SimulatedTransport> _lines = [];
    private readonly List<RpcConnection> _connections = [];
    private readonly List<ModelNode> _nodes = [];
    private readonly List<Vat> _vats = [];
    private readonly List<Asked> _answers = [];
    private readonly HashSet<(ulong Through, ulong Number)> _missed = [];
    private readonly Queue<TaskCompletionSource> _running = new();
    private readonly ulong _seed;
    private readonly bool _isCanary;
    private Prng _prng;
    private Vat? _at;
    private ulong _references;

    /// <summary>Connects the vats.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="vats">How many.</param>
    /// <param name="isCanary">Whether lines let messages overtake one another now and then, which must be found out.</param>
    public Model(ulong seed, int vats, bool isCanary = false)
    {
        _seed = seed;
        _prng = new Prng(seed);
        _isCanary = isCanary;
        for (var i = 0; i < vats; i++)
        {
            _vats.Add(new Vat());
        }

        for (var one = 0; one < vats; one++)
        {
            for (var other = one + 1; other < vats; other++)
            {
                Connect(_vats[one], _vats[other]);
            }
        }
    }

    /// <summary>Whether a line has been cut.</summary>
    public bool HasCut { get; private set; }

    /// <summary>Calls that reached an object.</summary>
    public int Arrived { get; set; }

    private int Sent { get; set; }

    /// <summary>How many steps the schedule of a seed has.</summary>
    public static int StepsOf(ulong seed) => 20 + (int)(seed % 600);

    /// <summary>Takes some steps of the seed's schedule, then lets everything come to rest, and checks.</summary>
    /// <param name="steps">Their numbers; each draws its own random numbers, so that others can be left out.</param>
    /// <param name="cutsLines">Whether a line is cut before the end.</param>
    public void Run(IEnumerable<int> steps, bool cutsLines)
    {
        foreach (var step in steps)
        {
            DrawFor(step);
            Step();
        }

        DrawFor(int.MaxValue);

        if (cutsLines)
        {
            HasCut = true;
            _lines[(int)_prng.Below((ulong)_lines.Count)].Cut();
        }

        Settle();
    }

    /// <summary>A reference of the vat that a handler runs in: one it keeps, an object of its own, or a promise.</summary>
    public Capability Give() => Pick(_at ?? _vats[0]);

    /// <summary>The vat that a handler runs in keeps a reference.</summary>
    public void Keep(Capability capability) => (_at ?? _vats[0]).Held.Add(new Reference(capability, _references++));

    /// <summary>A later call of a reference has arrived before this one.</summary>
    public void Miss(ulong through, ulong number) => _missed.Add((through, number));

    /// <summary>Lets some calls run on, which holds back the later ones to their object, until a later step ends them.</summary>
    public ValueTask RunOn(CallContext call)
    {
        if (!_prng.Chance(0.2))
        {
            return default;
        }

        call.HoldLaterCalls();
        var running = new TaskCompletionSource();
        _running.Enqueue(running);
        return new ValueTask(running.Task);
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private void DrawFor(int step) => _prng = new Prng(_seed ^ ((ulong)(uint)step << 32) ^ (uint)step);

    private void Connect(Vat one, Vat other)
    {
        var (left, right) = SimulatedTransport.Pair();
        Start(one, left);
        Start(other, right);
    }

    private void Start(Vat vat, SimulatedTransport line)
    {
        using var bootstrap = NewNode();
        var connection = RpcConnection.Start(line, RpcOptions.Default with { Bootstrap = bootstrap });
        line.Tag = vat;
        _lines.Add(line);
        _connections.Add(connection);
        vat.Connections.Add(connection);
    }

    private Capability NewNode()
    {
        var node = new ModelNode(this);
        _nodes.Add(node);
        return Capability.Serve(node);
    }

    private void Step()
    {
        var vat = _vats[(int)_prng.Below((ulong)_vats.Count)];
        _at = vat;
        switch (_prng.Below(13))
        {
            case 0:
                vat.Held.Add(new Reference(vat.Connections[(int)_prng.Below((ulong)vat.Connections.Count)].Bootstrap(), _references++));
                break;
            case 1:
            case 2:
                if (vat.Held.Count > 0)
                {
                    Call(vat, vat.Held[(int)_prng.Below((ulong)vat.Held.Count)]);
                }

                break;
            case 3:
            case 4:
                if (vat.Held.Count > 0)
                {
                    ExchangeCall(vat, vat.Held[(int)_prng.Below((ulong)vat.Held.Count)]);
                }

                break;
            case 5:
                if (vat.Held.Count > 4)
                {
                    Drop(vat, (int)_prng.Below((ulong)vat.Held.Count));
                }

                break;
            case 6:
                Decide(vat);
                break;
            case 7:
                if (_answers.Count > 0)
                {
                    DropAnswer((int)_prng.Below((ulong)_answers.Count));
                }

                break;
            case 8:
                EndOne();
                break;
            default:
                Deliver();
                break;
        }

        _at = null;
    }

    private void Deliver()
    {
        var line = _lines[(int)_prng.Below((ulong)_lines.Count)];
        if (line.HasSent)
        {
            _at = (Vat)line.Other.Tag!;
            line.Move(_isCanary && _prng.Chance(0.05));
        }
    }

    private void EndOne()
    {
        if (_running.TryDequeue(out var running))
        {
            running.SetResult();
        }
    }

    private void Call(Vat vat, Reference reference)
    {
        Invariant.Check(vat.Held.Contains(reference));
        var request = reference.Capability.NewRequest(ModelNode.InterfaceId, ModelNode.Order);
        var number = Fill(request.Params.InitStruct(new(2, 1)), reference);
        _answers.Add(new Asked(request.Send(), reference.Id, number));
        Sent++;
    }

    private void ExchangeCall(Vat vat, Reference reference)
    {
        var request = reference.Capability.NewRequest(ModelNode.InterfaceId, ModelNode.Exchange);
        var parameters = request.Params.InitStruct(new(2, 1));
        var number = Fill(parameters, reference);
        using (var given = Pick(vat))
        {
            parameters.GetPointer(0).SetCapability(given.AddRef());
        }

        var answer = request.Send();
        Sent++;
        _answers.Add(new Asked(answer, reference.Id, number));
        // Keep what the results will hold, and sometimes call it at once.
        var kept = new Reference(answer.GetCapability(PipelinePath.Root.Field(0)).AddRef(), _references++);
        vat.Held.Add(kept);
        if (_prng.Chance(0.5))
        {
            Call(vat, kept);
        }
    }

    private static ulong Fill(Wetware.Core.Capnp.StructBuilder parameters, Reference reference)
    {
        parameters.SetUInt64(0, reference.Id);
        parameters.SetUInt64(1, reference.Next);
        return reference.Next++;
    }

    private Capability Pick(Vat vat)
    {
        switch (_prng.Below(4))
        {
            case 0:
                var promise = new CapabilityPromise();
                vat.Promises.Add(promise);
                return promise.Capability.AddRef();
            case 1:
            case 2:
                // Only what has settled: two vats that each answer by the other's answer wait for each other for ever.
                var settled = Settled(vat);
                return settled.Count > 0 ? settled[(int)_prng.Below((ulong)settled.Count)].Capability.AddRef() : NewNode();
            default:
                return NewNode();
        }
    }

    // A promise may become anything but one that waits for itself: a fresh object, or what a bootstrap gives.
    private void Decide(Vat vat)
    {
        if (vat.Promises.Count == 0)
        {
            return;
        }

        var index = (int)_prng.Below((ulong)vat.Promises.Count);
        using var promise = vat.Promises[index];
        vat.Promises.RemoveAt(index);
        var settled = Settled(vat);
        using var target = settled.Count > 0 && _prng.Chance(0.7) ? settled[(int)_prng.Below((ulong)settled.Count)].Capability.AddRef() : NewNode();
        promise.Resolve(target);
    }

    private static List<Reference> Settled(Vat vat) => vat.Held.FindAll(reference => reference.Capability.IsSettled && reference.Capability.Error is null);

    private void Drop(Vat vat, int index)
    {
        vat.Held[index].Capability.Dispose();
        vat.Held.RemoveAt(index);
    }

    private void DropAnswer(int index)
    {
        // Only answered ones: a canceled call may or may not arrive, and then no order could be demanded of those behind it.
        if (_answers[index].Answer.IsCompleted)
        {
            _answers[index].Answer.Dispose();
            _answers.RemoveAt(index);
        }
    }

    private void Settle()
    {
        foreach (var vat in _vats)
        {
            _at = vat;
            while (vat.Promises.Count > 0)
            {
                Decide(vat);
            }
        }

        DeliverAll();
        foreach (var asked in _answers)
        {
            Invariant.Check(asked.Answer.IsCompleted);
            var isLost = IsLost(asked.Answer);
            if (_missed.Remove((asked.Through, asked.Number)))
            {
                Invariant.Check(isLost, $"call {asked.Number} through reference {asked.Through} was overtaken, and its caller does not know that it was lost");
            }

            asked.Answer.Dispose();
        }

        Invariant.Check(_missed.Count == 0, "a call was overtaken before the line was cut");
        if (!HasCut)
        {
            Invariant.Check(Arrived == Sent);
        }

        foreach (var vat in _vats)
        {
            while (vat.Held.Count > 0)
            {
                Drop(vat, 0);
            }

            // A handler that ran while all this was delivered may have promised more.
            foreach (var promise in vat.Promises)
            {
                promise.Dispose();
            }

            vat.Promises.Clear();
        }

        DeliverAll();
        foreach (var vat in _vats)
        {
            while (vat.Held.Count > 0)
            {
                Drop(vat, 0);
            }
        }

        DeliverAll();
        foreach (var connection in _connections)
        {
            Invariant.Check(connection.IsIdle, connection.Describe());
            connection.Dispose();
        }

        foreach (var node in _nodes)
        {
            Invariant.Check(node.IsDisposed);
        }
    }

    // A cut line fails what was under way on it; nothing else fails.
    private bool IsLost(Answer answer)
    {
        try
        {
            _ = answer.Results;
            return false;
        }
        catch (RpcException error) when (HasCut && error.Type == RpcErrorType.Disconnected)
        {
            return true;
        }
    }

    private void DeliverAll()
    {
        var moved = true;
        var moves = 0;
        while (moved)
        {
            moved = false;
            foreach (var line in _lines)
            {
                while (line.HasSent)
                {
                    _at = (Vat)line.Other.Tag!;
                    line.Move();
                    moved = true;
                    Invariant.Check(++moves < 20_000);
                }
            }

            while (_running.Count > 0)
            {
                EndOne();
                moved = true;
            }

            // New promises made by handlers must be decided for everything to come to rest.
            foreach (var vat in _vats)
            {
                _at = vat;
                while (vat.Promises.Count > 0)
                {
                    Decide(vat);
                    moved = true;
                }
            }
        }

        _at = null;
    }

    private readonly record struct Asked(Answer Answer, ulong Through, ulong Number);

    private sealed class Vat
    {
        public List<Reference> Held { get; } = [];

        public List<CapabilityPromise> Promises { get; } = [];

        public List<RpcConnection> Connections { get; } = [];
    }

    private sealed class Reference(Capability capability, ulong id)
    {
        public Capability Capability => capability;

        public ulong Id => id;

        public ulong Next { get; set; }
    }
}
