using FsCheck.Fluent;
using Wetware.Generator.Emit;
using Wetware.Generator.Request;
using Wetware.Testing;

namespace Wetware.Generator.Tests;

public sealed class HostileRequestTests
{
    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void WhatIsNoRequestIsRefusedInWords(byte[] bytes) =>
        Assert.NotEmpty(Assert.Throws<RequestException>(() => CodeGenerator.Generate(bytes, Options.Default)).Message);

    [Fact]
    public void ADamagedRequestEitherGeneratesOrIsRefused()
    {
        var request = File.ReadAllBytes(Conformance.Shared("conformance/capnp/test.cgr"));
        var damages = Gen.Choose(0, request.Length - 1).Zip(Gen.Choose(0, 255)).ListOf(20);
        Testing.Property.Check(
            damages,
            damage =>
            {
                var damaged = (byte[])request.Clone();
                foreach (var (at, value) in damage)
                {
                    damaged[at] = (byte)value;
                }

                try
                {
                    CodeGenerator.Generate(damaged, Options.Default);
                }
                catch (RequestException)
                {
                    // Refused: the other half of what may happen.
                }
            },
            cases: 60);
    }

    [Fact]
    public void NothingStandsInsideItself()
    {
        // The node A { B }: B is made to list A as what is inside it, by giving A's id to what B holds.
        var request = Capnp.Request(
            "@0x8000000000000001; struct A @0x8000000000000002 { struct B @0x8000000000000003 { struct C @0x8000000000000004 {} } }");
        var from = BitConverter.GetBytes(0x8000000000000004UL);
        for (var at = request.AsSpan().IndexOf(from); at >= 0; at = request.AsSpan().IndexOf(from))
        {
            BitConverter.GetBytes(0x8000000000000002UL).CopyTo(request, at);
        }

        Assert.Throws<RequestException>(() => CodeGenerator.Generate(request, Options.Default));
    }

    [Fact]
    public void AFileCannotBeWrittenOutsideTheOutputFolder()
    {
        var request = Capnp.Request("@0x8000000000000001;", "climb.capnp");
        var escaped = System.Text.Encoding.Latin1.GetString(request).Replace("climb.capnp\0", "../../a.cap\0", StringComparison.Ordinal);

        Assert.Equal("a.g.cs", CodeGenerator.Generate(System.Text.Encoding.Latin1.GetBytes(escaped), Options.Default)[0].Path);
    }
}
