using FsCheck;
using FsCheck.Fluent;
using Wetware.Core;
using Wetware.Testing;
using Property = Wetware.Testing.Property;

namespace Wetware.Raft.Tests;

/// <summary>Configuration changes survive their encoding, and hostile bytes never get further than "no".</summary>
public sealed class ConfChangeCodecTests
{
    [Fact]
    public void WhatIsEncodedIsDecoded() => Property.Check(Changes, change =>
    {
        Assert.True(ConfChangeV2.TryDecode(change.Encode(), out ConfChangeV2 back));
        Assert.Equal(change.Transition, back.Transition);
        Assert.Equal(change.Changes.AsEnumerable(), back.Changes.AsEnumerable());
        Assert.Equal(change.Context.ToArray(), back.Context.ToArray());
    });

    [Fact]
    public void EncodesAsEtcdDoes()
    {
        // Tags and varints by the protocol buffer encoding, of raft.proto's ConfChange{type: RemoveNode, node_id: 300} and
        // ConfChangeV2{transition: JointImplicit, changes: [{AddLearnerNode, 5}]}.
        Assert.Equal([0x10, 1, 0x18, 0xAC, 2], new ConfChange(ConfChangeType.RemoveNode, new(300), default).Encode());
        Assert.Equal(
            [0x08, 1, 0x12, 4, 0x08, 3, 0x10, 5],
            new ConfChangeV2(ConfChangeTransition.JointImplicit, [new(ConfChangeType.AddLearnerNode, new(5))], default).Encode());
    }

    [Fact]
    public void NoBytesLeaveTheJointConfiguration()
    {
        Assert.True(ConfChangeV2.TryDecode(ReadOnlyMemory<byte>.Empty, out ConfChangeV2 change));
        Assert.True(change.LeavesJoint);
    }

    [Fact]
    public void AnyBytesAreReadOrRefused() => Property.Check(ArbMap.Default.GeneratorFor<byte[]>(), bytes =>
    {
        _ = ConfChangeV2.TryDecode(bytes, out ConfChangeV2 _);
        _ = ConfChange.TryDecode(bytes, out _);
    }, cases: 2000);

    [Fact]
    public void TooManyPartsAreRefused()
    {
        var parts = Enumerable.Range(1, Limits.ConfChangePartsMax + 1).Select(id => new ConfChangeSingle(ConfChangeType.AddNode, new((ulong)id)));
        Assert.False(ConfChangeV2.TryDecode(new ConfChangeV2(ConfChangeTransition.Auto, [.. parts], default).Encode(), out ConfChangeV2 _));
    }

    private static Gen<ConfChangeV2> Changes =>
        from transition in Gen.Choose(0, 2)
        from parts in Gen.ListOf(
            from type in Gen.Choose(0, 4)
            from node in ArbMap.Default.GeneratorFor<ulong>()
            select new ConfChangeSingle((ConfChangeType)type, new(node)))
        from context in ArbMap.Default.GeneratorFor<byte[]>()
        where parts.Count <= Limits.ConfChangePartsMax
        select new ConfChangeV2((ConfChangeTransition)transition, [.. parts], context);
}
