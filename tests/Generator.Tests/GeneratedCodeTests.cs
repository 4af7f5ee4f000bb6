using Wetware.Capnp;
using Wetware.Generator.Tests.Generated.Hard;

namespace Wetware.Generator.Tests;

/// <summary>What generated readers and builders do with hard.capnp.</summary>
public sealed class GeneratedCodeTests : IDisposable
{
    private readonly MessageBuilder _message = new();

    public void Dispose() => _message.Dispose();

    [Fact]
    public void AnEmptyStructReadsAsItsDefaults()
    {
        var defaults = default(Defaults.Reader);

        Assert.Equal((true, sbyte.MinValue, short.MinValue, int.MinValue, long.MinValue),
            (defaults.Bool, defaults.Int8, defaults.Int16, defaults.Int32, defaults.Int64));
        Assert.Equal((byte.MaxValue, ushort.MaxValue, uint.MaxValue, ulong.MaxValue),
            (defaults.Uint8, defaults.Uint16, defaults.Uint32, defaults.Uint64));
        Assert.Equal((-1.5e-10f, double.NegativeInfinity, Words.Default), (defaults.Float32, defaults.Float64, defaults.Words));
        Assert.Equal(0x7ff8000000000000UL, BitConverter.DoubleToUInt64Bits(defaults.NotANumber));
        Assert.Equal("a \"quoted\"\n\ttext \u20ac", defaults.Text.ToString());
        Assert.Equal([0x00, 0xff, 0x10], defaults.Data.ToArray());
        Assert.Equal([1, -2, 3], defaults.Numbers.ToArray());
        Assert.Equal((1, -2, "here"), (defaults.Struct.X, defaults.Struct.Y, defaults.Struct.Label.ToString()));
        Assert.Equal((3, 7, "there"), (defaults.Points[0].X, defaults.Points[0].Y, defaults.Points[1].Label.ToString()));
        Assert.Equal((3, 0, 2), (defaults.Lists.Count, defaults.Lists[1].Count, defaults.Lists[0][1]));
        Assert.Equal((Words.New, Words.Words), (defaults.Enums[0], defaults.Enums[1]));
        Assert.Equal((true, false, "imported"), (defaults.Bools[2], defaults.Bools[1], defaults.Other.Name.ToString()));
        Assert.False(defaults.HasText);
    }

    [Fact]
    public void WritingADefaultWritesZeros()
    {
        var defaults = _message.InitRoot<Defaults.Builder>();
        defaults.Bool = true;
        defaults.Int64 = long.MinValue;
        defaults.Float64 = double.NegativeInfinity;
        defaults.Words = Words.Default;

        Assert.Equal(-1, defaults.AsReader().Raw.Data.IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void ADefaultIsCopiedBeforeItIsChanged()
    {
        var defaults = _message.InitRoot<Defaults.Builder>();
        var point = defaults.Struct;
        point.X = 99;

        Assert.Equal((99, -2), (defaults.AsReader().Struct.X, defaults.AsReader().Struct.Y));
        Assert.Equal(1, default(Defaults.Reader).Struct.X);
    }

    [Fact]
    public void ConstantsAreWhatTheSchemaSays()
    {
        Assert.Equal((42u, long.MinValue, "hello \"world\"", 0.1, Words.Class),
            (HardConstants.Answer, HardConstants.Minimum, HardConstants.Greeting, HardConstants.Ratio, HardConstants.Word));
        Assert.Equal([1, 2], HardConstants.Bytes.ToArray());
        Assert.Equal((1, "origin"), (HardConstants.Origin.X, HardConstants.Origin.Label.ToString()));
        Assert.Equal((3, "origin"), (HardConstants.Path.Count, HardConstants.Path[2].Label.ToString()));
        Assert.Equal([2, 3, 5, 7], HardConstants.Primes.ToArray());
        Assert.Equal(7, Deep.A.B.C.D.E.F.G.Depth);
    }

    [Fact]
    public void NamesThatClashKeepTheirOwnFields()
    {
        var clashes = _message.InitRoot<Clashes.Builder>();
        clashes.SetFoo_("foo");
        clashes.HasFoo = false;
        clashes.SetFoo = true;

        Assert.True(clashes.HasFoo_);
        Assert.Equal(("foo", false, true), (clashes.AsReader().Foo.ToString(), clashes.AsReader().HasFoo, clashes.AsReader().SetFoo));
    }

    [Fact]
    public void TheUnionFollowsWhatIsSetLast()
    {
        var late = _message.InitRoot<LateUnion.Builder>();
        late.SetB("outside");
        late.SetLater("text");
        Assert.Equal((LateUnion.Which.Later, true), (late.Which, late.HasLater));

        late.Late = 9;
        Assert.Equal((LateUnion.Which.Late, (byte)9, false), (late.AsReader().Which, late.AsReader().Late, late.AsReader().HasLater));

        var latest = late.InitLatest();
        Assert.Equal((LateUnion.Which.Latest, 0L, LateUnion.Latest.Z.Which.P), (late.Which, latest.X, latest.Z.Which));
        var inner = latest.Z.InitQ();
        inner.C = 1;
        Assert.Equal((LateUnion.Latest.Z.Which.Q, 1f), (late.AsReader().Latest.Z.Which, late.AsReader().Latest.Z.Q.C));
        Assert.Equal("outside", late.AsReader().B.ToString());
    }

    [Fact]
    public void AGroupChosenAgainStartsFromZero()
    {
        var late = _message.InitRoot<LateUnion.Builder>();
        var latest = late.InitLatest();
        latest.X = 5;
        latest.InitY(3);

        latest = late.InitLatest();

        Assert.Equal((0L, false), (latest.X, latest.HasY));
    }

    [Fact]
    public void NumbersThatTheSchemaDoesNotKnowSurvive()
    {
        var defaults = _message.InitRoot<Defaults.Builder>();
        defaults.Words = (Words)4711;
        var enums = defaults.InitEnums(1);
        enums[0] = (Words)60000;
        var late = _message.NewPointer().Init<LateUnion.Builder>();
        late.Raw.SetUInt16(1, 77);

        Assert.Equal(((Words)4711, (Words)60000), (defaults.AsReader().Words, defaults.AsReader().Enums[0]));
        Assert.Equal((LateUnion.Which)77, late.AsReader().Which);
    }

    [Fact]
    public void GenericStructsReadWhatTheyWrote()
    {
        var uses = _message.InitRoot<UsesMap.Builder>();
        var entries = uses.InitPeople().InitEntries(2);
        entries[0].InitKey().SetText("alice");
        var alice = entries[0].Value;
        alice.X = 3;
        entries[0].U.SetNone();
        var chosen = entries[1].U;
        chosen.InitKey().SetText("chosen");

        var people = uses.AsReader().People;
        Assert.Equal(("alice", 3, 7), (people.Entries[0].Key.ToString(), people.Entries[0].Value.X, people.Entries[0].Value.Y));
        Assert.Equal((Map.Entry.U.Which.Key, "chosen"), (people.Entries[1].U.Which, people.Entries[1].U.Key.ToString()));
        Assert.Equal("alice", uses.People.AsReader<Wetware.Capnp.TextReader, Point.Reader>().Entries[0].Key.ToString());
    }

    [Fact]
    public void AnObjectMovesWithoutACopy()
    {
        var clashes = _message.InitRoot<Clashes.Builder>();
        clashes.SetFoo_("moved");
        var size = _message.SizeBytes;
        using var orphan = clashes.DisownFoo_();
        Assert.False(clashes.HasFoo_);

        clashes.AdoptFoo_(orphan);

        Assert.Equal(("moved", size), (clashes.Foo.ToString(), _message.SizeBytes));
    }

    [Fact]
    public void NamesSetByAnnotationAreTheNames()
    {
        var renamed = _message.InitRoot<Rechristened.Builder>();
        renamed.Fresh = 1;
        renamed.Choice.SetFirst();

        Assert.Equal((1, Rechristened.Choice.Which.First), (renamed.AsReader().Fresh, renamed.AsReader().Choice.Which));
    }
}
