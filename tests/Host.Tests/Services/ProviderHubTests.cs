using Wetware.Core;
using Wetware.Capnp;
using Wetware.Protocol.Wire;
using Wetware.Host.Services.Registry;
using Wetware.Rpc;

namespace Wetware.Host.Tests.Services;

/// <summary>What a node takes into its list, and what not.</summary>
public sealed class ProviderHubTests
{
    private readonly ProviderHub _hub = new(TimeProvider.System);

    [Fact]
    public void A_location_that_finders_could_not_read_is_refused()
    {
        Assert.Equal("the location is malformed", Refused(wire => wire.Raw.GetPointer(1).SetText("no list")));
        Assert.Equal("the location is malformed", Refused(wire =>
        {
            wire.SetAnchor("x");
            wire.Raw.GetPointer(2).InitStruct(new StructSize(1, 0));
        }));
        Assert.Equal("the location is malformed", Refused(wire =>
        {
            wire.SetAnchor("x");
            wire.Raw.GetPointer(2).SetData("not ended"u8);
        }));
        Assert.Equal(0, _hub.Count);
        string Refused(Action<Location.Builder> spoil) => Assert.Throws<RpcException>(() => Add("s", spoil)).Message;
    }

    [Fact]
    public void Locations_and_their_bytes_are_bounded_for_the_node()
    {
        var ids = new List<ulong>();
        var refused = Assert.Throws<RpcException>(Fill);
        Assert.Equal((RpcErrorType.Overloaded, "the node lists 16384 providers, or 8388608 bytes of them, already"), (refused.Type, refused.Message));
        Assert.InRange(ids.Count, 700, 838);
        ids.ForEach(_hub.Remove);
        Assert.Equal(0, _hub.Count);

        for (var i = 0; i < Host.Services.Registry.Limits.ProvidersMax; i++)
        {
            ids.Add(Add($"{i % 10}", wire => wire.SetAnchor("/x")));
        }

        Assert.Throws<RpcException>(() => Add("one more", wire => wire.SetAnchor("/x")));
        Assert.Equal(Host.Services.Registry.Limits.ProvidersMax, _hub.Count);

        void Fill()
        {
            while (true)
            {
                ids.Add(Add("s", wire => wire.SetAnchor(new string('x', 10_000))));
            }
        }
    }

    private ulong Add(string service, Action<Location.Builder> fill)
    {
        using var message = new MessageBuilder();
        var wire = message.InitRoot<Location.Builder>();
        wire.SetService(service);
        fill(wire);
        return _hub.Add(message.AsReader().Get<Location.Reader>(), 0, PeerId.None);
    }
}
