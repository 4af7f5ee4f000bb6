using System.Text;
using System.Text.Json.Nodes;
using Wetware.Capnp;
using Wetware.Generator.Request;
using Wetware.Testing;

namespace Wetware.Generator.Tests;

public sealed class RandomSchemaTests
{
    private const int Schemas = 4;
    private const int ValuesPerSchema = 5;

    [Fact]
    public void WhatCapnpWritesGeneratedCodeReads()
    {
        Capnp.Require();
        var seed = Property.Seed();
        var read = 0;
        for (var i = 0UL; read < Schemas; i++)
        {
            Assert.True(i < 20 * Schemas, "capnp refuses nearly every schema");
            var schema = new RandomSchema(seed + i);
            if (TryCompile(schema.Text, out var request))
            {
                Check(schema, request);
                read++;
            }
        }
    }

    // capnp itself refuses to lay out some nests of groups and unions that its old versions got wrong.
    private static bool TryCompile(string schema, out byte[] request)
    {
        try
        {
            request = Capnp.Request(schema);
            return true;
        }
        catch (RequestException)
        {
            request = [];
            return false;
        }
    }

    private static void Check(RandomSchema schema, byte[] request)
    {
        var assembly = CompiledSchema.Load(request, "Drawn");
        var type = assembly.GetType($"Drawn.{schema.Root}+Reader", throwOnError: true)!;
        var path = Path.GetTempFileName();
        File.WriteAllText(path, schema.Text);
        try
        {
            for (var i = 0; i < ValuesPerSchema; i++)
            {
                var drawn = Encoding.UTF8.GetBytes(schema.Value().ToJsonString());
                var binary = Capnp.Run(drawn, "convert", "json:binary", path, schema.Root);
                var json = JsonNode.Parse(Capnp.Run(binary, "convert", "binary:json", path, schema.Root))!;
                using var message = new MessageReader();
                message.Open(binary);
                var read = JsonView.Struct(Activator.CreateInstance(type, message.Root.GetStruct())!);

                Assert.True(JsonView.Same(json, read), $"{schema.Text}\n{json.ToJsonString()}\n{read.ToJsonString()}");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }
}
