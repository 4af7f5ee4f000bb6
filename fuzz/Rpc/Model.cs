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
    private const int MovesMax = 20_000;

    private readonly ModelNetwork _network = new();
    private readonly List<ModelNode> _nodes = [];
    private readonly List<ModelVat> _vats = [];
    private readonly Queue<TaskCompletionSource> _running = new();
    private readonly ulong _seed;
    private readonly bool _isCanary;
    private Prng _prng;
    private ModelVat? _at;
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
            _vats.Add(new ModelVat());
        }

        for (var one = 0; one < vats; one++)
        {
            for (var other = one + 1; other < vats; other++)
            {
                _network.Join(_vats[one], _vats[other], NewNode);
            }
        }
    }

    /// <summary>Whether a line has been cut.</summary>
    public bool HasCut { get; private set; }

    /// <summary>What was sent and what arrived.</summary>
    public Ledger Ledger { get; } = new();

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
            _network.AnyLine(ref _prng).Cut();
        }

        Settle();
    }

    /// <summary>A reference of the vat that a handler runs in: one it keeps, an object of its own, or a promise.</summary>
    public Capability Give() => Pick(_at ?? _vats[0]);

    /// <summary>The vat that a handler runs in keeps a reference.</summary>
    public void Keep(Capability capability) => (_at ?? _vats[0]).Held.Add(new ModelReference(capability, _references++));

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

    public void Dispose() => _network.Dispose();

    private void DrawFor(int step) => _prng = new Prng(_seed ^ ((ulong)(uint)step << 32) ^ (uint)step);

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
                vat.Held.Add(new ModelReference(vat.Connections[(int)_prng.Below((ulong)vat.Connections.Count)].Bootstrap(), _references++));
                break;
            case 1:
            case 2:
                if (vat.Held.Count > 0)
                {
                    Call(vat, vat.AnyHeld(ref _prng));
                }

                break;
            case 3:
            case 4:
                if (vat.Held.Count > 0)
                {
                    ExchangeCall(vat, vat.AnyHeld(ref _prng));
                }

                break;
            case 5:
                if (vat.Held.Count > 4)
                {
                    vat.Drop((int)_prng.Below((ulong)vat.Held.Count));
                }

                break;
            case 6:
                Decide(vat);
                break;
            case 7:
                if (Ledger.Count > 0)
                {
                    Ledger.Drop((int)_prng.Below((ulong)Ledger.Count));
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
        var line = _network.AnyLine(ref _prng);
        if (line.HasSent)
        {
            _at = ModelNetwork.Receiver(line);
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

    private void Call(ModelVat vat, ModelReference reference)
    {
        Invariant.Check(vat.Held.Contains(reference));
        var request = reference.Capability.NewRequest(ModelNode.InterfaceId, ModelNode.Order);
        var number = Fill(request.Params.InitStruct(new(2, 1)), reference);
        Ledger.Sent(request.Send(), reference.Id, number);
    }

    private void ExchangeCall(ModelVat vat, ModelReference reference)
    {
        var request = reference.Capability.NewRequest(ModelNode.InterfaceId, ModelNode.Exchange);
        var parameters = request.Params.InitStruct(new(2, 1));
        var number = Fill(parameters, reference);
        using (var given = Pick(vat))
        {
            parameters.GetPointer(0).SetCapability(given.AddRef());
        }

        var answer = request.Send();
        Ledger.Sent(answer, reference.Id, number);
        // Keep what the results will hold, and sometimes call it at once.
        var kept = new ModelReference(answer.GetCapability(PipelinePath.Root.Field(0)).AddRef(), _references++);
        vat.Held.Add(kept);
        if (_prng.Chance(0.5))
        {
            Call(vat, kept);
        }
    }

    private static ulong Fill(Wetware.Capnp.StructBuilder parameters, ModelReference reference)
    {
        parameters.SetUInt64(0, reference.Id);
        parameters.SetUInt64(1, reference.Next);
        return reference.Next++;
    }

    private Capability Pick(ModelVat vat)
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
                return vat.AnySettled(ref _prng) ?? NewNode();
            default:
                return NewNode();
        }
    }

    // A promise may become anything but one that waits for itself: a fresh object, or what a bootstrap gives.
    private void Decide(ModelVat vat)
    {
        if (vat.Promises.Count == 0)
        {
            return;
        }

        var index = (int)_prng.Below((ulong)vat.Promises.Count);
        using var promise = vat.Promises[index];
        vat.Promises.RemoveAt(index);
        var known = vat.HasSettled && _prng.Chance(0.7) ? vat.AnySettled(ref _prng) : null;
        using var target = known ?? NewNode();
        promise.Resolve(target);
    }

    private void Settle()
    {
        DecideAll();
        DeliverAll();
        Ledger.Close(HasCut);
        foreach (var vat in _vats)
        {
            vat.DropAll();
            // A handler that ran while all this was delivered may have promised more.
            foreach (var promise in vat.Promises)
            {
                promise.Dispose();
            }

            vat.Promises.Clear();
        }

        DeliverAll();
        _vats.ForEach(static vat => vat.DropAll());
        DeliverAll();
        _network.CheckIdle();
        _network.Dispose();
        foreach (var node in _nodes)
        {
            Invariant.Check(node.IsDisposed);
        }
    }

    private void DeliverAll()
    {
        var moves = 0;
        bool moved;
        do
        {
            moved = _network.TryMoveAll(vat =>
            {
                _at = vat;
                Invariant.Check(++moves < MovesMax);
            });
            while (_running.Count > 0)
            {
                EndOne();
                moved = true;
            }

            // New promises made by handlers must be decided for everything to come to rest.
            moved |= DecideAll();
        }
        while (moved);

        _at = null;
    }

    /// <summary>Decides all promises; false if there are none.</summary>
    private bool DecideAll()
    {
        var decided = false;
        foreach (var vat in _vats)
        {
            _at = vat;
            while (vat.Promises.Count > 0)
            {
                Decide(vat);
                decided = true;
            }
        }

        return decided;
    }
}
