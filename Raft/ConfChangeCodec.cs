using System.Collections.Immutable;
using Wetware.Core;

namespace Wetware.Raft;

/// <summary>
/// Configuration changes as bytes: the protocol buffer messages of etcd/raft's raft.proto (ConfChange: 1 an id that nobody uses, 2 type,
/// 3 node, 4 context; ConfChangeV2: 1 transition, 2 changes of {1 type, 2 node}, 3 context). Off the hot path.
/// </summary>
internal static class ConfChangeCodec
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    public static byte[] Encode(in ConfChange change)
    {
        var writer = new Writer();
        writer.Number(2, (ulong)change.Type);
        writer.Number(3, change.NodeId.Value);
        writer.Blob(4, change.Context.Span);
        return writer.ToArray();
    }

    public static byte[] Encode(ConfChangeV2 change)
    {
        var writer = new Writer();
        writer.Number(1, (ulong)change.Transition);
        foreach (var single in change.Changes)
        {
            var part = new Writer();
            part.Number(1, (ulong)single.Type);
            part.Number(2, single.NodeId.Value);
            writer.Message(2, part.ToArray());
        }

        writer.Blob(3, change.Context.Span);
        return writer.ToArray();
    }

    public static bool TryDecode(ReadOnlyMemory<byte> data, out ConfChange change)
    {
        var (type, node) = (0UL, 0UL);
        ReadOnlyMemory<byte> context = default;
        var reader = new Reader(data);
        while (reader.Next(out var field, out var number, out var bytes))
        {
            switch (field)
            {
                case 2: type = number; break;
                case 3: node = number; break;
                case 4: context = bytes; break;
            }
        }

        change = new((ConfChangeType)type, new NodeId(node), context);
        return reader.Done && type <= (ulong)ConfChangeType.AddWitnessNode;
    }

    public static bool TryDecode(ReadOnlyMemory<byte> data, out ConfChangeV2 change)
    {
        var transition = 0UL;
        var changes = ImmutableArray.CreateBuilder<ConfChangeSingle>();
        ReadOnlyMemory<byte> context = default;
        var valid = true;
        var reader = new Reader(data);
        while (valid && reader.Next(out var field, out var number, out var bytes))
        {
            switch (field)
            {
                case 1: transition = number; break;
                case 2:
                    valid = TryDecode(bytes, out ConfChangeSingle single) && changes.Count < Limits.ConfChangePartsMax;
                    changes.Add(single);
                    break;
                case 3: context = bytes; break;
            }
        }

        change = new((ConfChangeTransition)transition, changes.ToImmutable(), context);
        return valid && reader.Done && transition <= (ulong)ConfChangeTransition.JointExplicit;
    }

    private static bool TryDecode(ReadOnlyMemory<byte> data, out ConfChangeSingle single)
    {
        var (type, node) = (0UL, 0UL);
        var reader = new Reader(data);
        while (reader.Next(out var field, out var number, out _))
        {
            (type, node) = field switch { 1 => (number, node), 2 => (type, number), _ => (type, node) };
        }

        single = new((ConfChangeType)type, new NodeId(node));
        return reader.Done && type <= (ulong)ConfChangeType.AddWitnessNode;
    }

    private sealed class Writer
    {
        private readonly List<byte> _bytes = [];

        public void Number(int field, ulong value)
        {
            Add((ulong)((field << 3) | Varint));
            Add(value);
        }

        public void Blob(int field, ReadOnlySpan<byte> value)
        {
            if (value.Length > 0)
            {
                Message(field, value);
            }
        }

        public void Message(int field, ReadOnlySpan<byte> value)
        {
            Add((ulong)((field << 3) | Bytes));
            Add((ulong)value.Length);
            _bytes.AddRange(value);
        }

        public byte[] ToArray() => [.. _bytes];

        private void Add(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                _bytes.Add((byte)(value | 0x80));
            }

            _bytes.Add((byte)value);
        }
    }

    private struct Reader(ReadOnlyMemory<byte> data)
    {
        private ReadOnlyMemory<byte> _rest = data;
        private bool _failed;

        /// <summary>Whether all bytes were read and made sense.</summary>
        public readonly bool Done => !_failed && _rest.IsEmpty;

        public bool Next(out int field, out ulong number, out ReadOnlyMemory<byte> bytes)
        {
            (field, number, bytes) = (0, 0, default);
            if (_rest.IsEmpty || _failed)
            {
                return false;
            }

            if (!TryNumber(out var tag) || tag >> 3 is 0 or > 0x1FFFFFFF || !TryValue((int)(tag & 7), out number, out bytes))
            {
                _failed = true;
                return false;
            }

            field = (int)(tag >> 3);
            return true;
        }

        private bool TryValue(int wire, out ulong number, out ReadOnlyMemory<byte> bytes)
        {
            (number, bytes) = (0, default);
            return wire switch
            {
                Varint => TryNumber(out number),
                Fixed64 => TryBytes(sizeof(ulong), out bytes),
                Fixed32 => TryBytes(sizeof(uint), out bytes),
                Bytes => TryNumber(out var length) && TryBytes(length, out bytes),
                _ => false,
            };
        }

        private bool TryBytes(ulong length, out ReadOnlyMemory<byte> bytes)
        {
            bytes = default;
            if (length > (ulong)_rest.Length)
            {
                return false;
            }

            bytes = _rest[..(int)length];
            _rest = _rest[(int)length..];
            return true;
        }

        private bool TryNumber(out ulong number)
        {
            number = 0;
            var span = _rest.Span;
            for (var i = 0; i < span.Length && i < 10; i++)
            {
                number |= (ulong)(span[i] & 0x7F) << (7 * i);
                if (span[i] < 0x80)
                {
                    _rest = _rest[(i + 1)..];
                    return i < 9 || span[i] <= 1;
                }
            }

            return false;
        }
    }
}
