using System.Reflection;
using Wetware.Capnp;
using Wetware.Generator.Emit;
using Wetware.Generator.Tests.Generated.Hard;
using Wetware.Generator.Tests.Generated.HardInterfaces;
using Wetware.Rpc;
using Wetware.Rpc.Transport;
using TextReader = Wetware.Capnp.TextReader;

namespace Wetware.Generator.Tests;

/// <summary>Calls over a connection to an interface with type parameters, and to a method with some of its own.</summary>
public sealed class GenericInterfaceTests
{
    [Fact]
    public async Task AMethodsOwnTypeParametersAreTheCallersChoice()
    {
        var (one, other) = Transports.InMemory();
        using var served = Store.Client<Point.Reader, Point.Builder>.Serve(new Places());
        await using var serving = RpcConnection.Start(other, RpcOptions.Default with { Bootstrap = served.Capability });
        await using var connection = RpcConnection.Start(one);
        using var store = connection.Bootstrap<Store.Client<Point.Reader, Point.Builder>>();
        using var got = store.Get("here");
        Assert.Equal("here", (await got).Value.Label.ToString());
        using var labels = Converter.Client<Point.Reader, Point.Builder, TextReader, TextBuilder>.Serve(new Labels());
        using var converted = store.Convert(labels);
        Assert.Equal("there, converted", (await converted).First.ToString());
    }

    /// <summary>By ordinal, whatever the order in the text; without the names that C# needs.</summary>
    [Fact]
    public void TracesKnowInterfacesAndMethodsAsTheSchemaNamesThem()
    {
        var known = typeof(Store).Assembly.GetCustomAttributes<RpcInterfaceAttribute>().ToDictionary(one => one.Id);
        Assert.Equal("Store", known[Store.TypeId].Name);
        Assert.Equal(["get", "put", "all", "convert", "watch"], known[Store.TypeId].Methods);
        Assert.Equal("Store.Watcher", known[Store.Watcher.TypeId].Name);
        Assert.Equal(["new", "get", "getRequest"], known[Words2.TypeId].Methods);
    }

    private sealed class Places : Store.IServer<Point.Reader, Point.Builder>
    {
        public ValueTask GetAsync(CallContext<Store.GetParams.Reader<Point.Reader, Point.Builder>,
            Store.GetResults.Builder<Point.Reader, Point.Builder>> call)
        {
            var value = call.Results.Value;
            value.SetLabel(call.Params.Key.ToString());
            return default;
        }

        // It does not know what the caller converts to.
        public async ValueTask ConvertAsync(CallContext<
            Store.ConvertParams.Reader<Point.Reader, Point.Builder, PointerReader, PointerBuilder>,
            Store.ConvertResults.Builder<Point.Reader, Point.Builder, PointerReader, PointerBuilder>> call)
        {
            var request = call.Params.With.ConvertRequest();
            var from = request.Params.From;
            from.SetLabel("there");
            using var answer = request.Send();
            call.Results.InitFirst().Set((await answer).To);
        }
    }

    private sealed class Labels : Converter.IServer<Point.Reader, Point.Builder, TextReader, TextBuilder>
    {
        public ValueTask ConvertAsync(CallContext<
            Converter.ConvertParams.Reader<Point.Reader, Point.Builder, TextReader, TextBuilder>,
            Converter.ConvertResults.Builder<Point.Reader, Point.Builder, TextReader, TextBuilder>> call)
        {
            call.Results.InitTo().SetText(call.Params.From.Label + ", converted");
            return default;
        }
    }
}
