using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using Wetware.Core;

namespace Wetware.Host.Consensus;

/// <summary>
/// The members that configuration changes have named, replicated beside the state machine. Changed by the loop only, in
/// log order; read by anybody.
/// </summary>
internal sealed class MemberDirectory
{
    private readonly ConcurrentDictionary<NodeId, MemberInfo> _members = new();

    public IEnumerable<MemberInfo> Members => _members.Values;

    public MemberInfo? Find(NodeId node) => _members.GetValueOrDefault(node);

    public void Set(MemberInfo member) => _members[member.Node] = member;

    public void Remove(NodeId node) => _members.TryRemove(node, out _);

    /// <summary>Writes all members in the order of their numbers, preceded by the length of it all.</summary>
    public void Save(IBufferWriter<byte> output)
    {
        var body = new ArrayBufferWriter<byte>();
        foreach (var member in _members.Values.OrderBy(member => member.Node))
        {
            WriteBlock(body, member.Encode());
        }

        WriteBlock(output, body.WrittenSpan);
    }

    /// <summary>Replaces all members by those that <see cref="Save"/> wrote.</summary>
    /// <returns>How many bytes they took.</returns>
    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Save"/> writes.</exception>
    public int Load(ReadOnlySpan<byte> bytes)
    {
        var body = ReadBlock(ref bytes, out var total);
        var loaded = new List<MemberInfo>();
        while (body.Length > 0)
        {
            loaded.Add(MemberInfo.Decode(ReadBlock(ref body, out _)) ?? throw new InvalidDataException("the snapshot names a member that is none"));
        }

        _members.Clear();
        loaded.ForEach(Set);
        return total;
    }

    private static void WriteBlock(IBufferWriter<byte> output, ReadOnlySpan<byte> block)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), block.Length);
        output.Advance(sizeof(int));
        output.Write(block);
    }

    private static ReadOnlySpan<byte> ReadBlock(ref ReadOnlySpan<byte> bytes, out int total)
    {
        if (bytes.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(bytes) is var length && (length < 0 || length > bytes.Length - sizeof(int)))
        {
            throw new InvalidDataException("the snapshot's list of members is cut short");
        }

        total = sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var block = bytes[sizeof(int)..total];
        bytes = bytes[total..];
        return block;
    }
}
