using Wetware.Capnp;

namespace Wetware.Rpc;

/// <summary>
/// A boundary around a group of objects: every capability that crosses it, either way, in parameters or results, is
/// wrapped so that calls through it obey one policy; one that crosses back is unwrapped. A policy that starts to throw
/// revokes everything that ever crossed.
/// </summary>
/// <param name="policy">Asked for every call that crosses; by several threads at once.</param>
public sealed class Membrane(IMembranePolicy policy)
{
    /// <summary>A reference for the outside to an object inside.</summary>
    /// <param name="inside">Borrowed.</param>
    public Capability ToOutside(Capability inside) => Cross(inside, outward: true);

    /// <summary>A reference for the inside to an object outside.</summary>
    /// <param name="outside">Borrowed.</param>
    public Capability ToInside(Capability outside) => Cross(outside, outward: false);

    private Capability Cross(Capability capability, bool outward)
    {
        ArgumentNullException.ThrowIfNull(capability);
        if (capability.IsNull)
        {
            return Capability.Null();
        }

        return capability.TryGetServer<Wrapper>(out var wrapper)
            && ReferenceEquals(wrapper.Membrane, this) && wrapper.FacesOutside != outward
            ? wrapper.Target.AddRef()
            : Capability.Serve(new Wrapper(this, capability.AddRef(), outward));
    }

    private void CrossAll(CapabilityTable table, bool outward)
    {
        for (uint i = 0; i < table.Count; i++)
        {
            if (table[i] is Capability capability)
            {
                table.Replace(i, Cross(capability, outward));
            }
        }
    }

    private sealed class Wrapper(Membrane membrane, Capability target, bool facesOutside) : ICapabilityServer, IDisposable
    {
        public Membrane Membrane => membrane;

        public Capability Target => target;

        public bool FacesOutside => facesOutside;

        public async ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call)
        {
            membrane.Check(facesOutside, interfaceId, methodId);
            var request = target.NewRequest(interfaceId, methodId);
            request.Continue(call);
            request.Params.Set(call.Parameters);
            membrane.CrossAll(request.Params.Message.Capabilities, outward: !facesOutside);
            call.ReleaseParams();
            using var answer = request.Send(call.Cancellation);
            await answer;
            call.Results.Set(answer.Results);
            membrane.CrossAll(call.Results.Message.Capabilities, outward: facesOutside);
        }

        public void Dispose() => target.Dispose();
    }

    private void Check(bool inbound, ulong interfaceId, ushort methodId)
    {
        if (inbound)
        {
            policy.Inbound(interfaceId, methodId);
        }
        else
        {
            policy.Outbound(interfaceId, methodId);
        }
    }
}
