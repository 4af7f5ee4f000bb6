using Wetware.Core;
using Wetware.Testing;

namespace Wetware.Raft.Tests;

/// <summary>The ring of the storage in memory against a plain list.</summary>
public sealed class MemoryStorageTests
{
    [Fact]
    public void BehavesAsAPlainList()
    {
        var random = new Prng(Property.Seed());
        for (var round = 0; round < 50; round++)
        {
            var (storage, model, offset) = (new MemoryStorage(), new List<Entry>(), 0UL);
            for (var step = 0; step < 200; step++)
            {
                if (random.Chance(0.7))
                {
                    Append(ref random, storage, model, offset, (ulong)step);
                }
                else if (model.Count > 0)
                {
                    var count = (int)random.Below((ulong)model.Count) + 1;
                    offset += (ulong)count;
                    model.RemoveRange(0, count);
                    storage.Compact(new(offset));
                }

                Compare(storage, model, offset);
            }
        }
    }

    [Fact]
    public void GivesAtLeastOneEntryAndStopsBeforeTheLimit()
    {
        var storage = new MemoryStorage();
        storage.Append([.. Enumerable.Range(1, 9).Select(i => new Entry(new(1), new((ulong)i), EntryType.Normal, new byte[10]))]);
        var one = new Entry(new(1), new(1), EntryType.Normal, new byte[10]).EncodedBytes;
        Assert.Equal(16UL, one);
        Assert.Equal(1, Read(storage, 0));
        Assert.Equal(1, Read(storage, one));
        Assert.Equal(1, Read(storage, (2 * one) - 1));
        Assert.Equal(2, Read(storage, 2 * one));
        Assert.Equal(9, Read(storage, ulong.MaxValue));
    }

    private static int Read(MemoryStorage storage, ulong bytesMax)
    {
        var buffer = new EntryBuffer();
        Assert.Equal(LogRead.Ok, storage.Entries(new(1), new(10), bytesMax, buffer));
        return buffer.Count;
    }

    private static void Append(ref Prng random, MemoryStorage storage, List<Entry> model, ulong offset, ulong term)
    {
        var keep = (int)random.Below((ulong)model.Count + 1);
        model.RemoveRange(keep, model.Count - keep);
        var first = offset + (ulong)keep + 1;
        var added = Enumerable.Range(0, random.Between(1, 20)).Select(i => new Entry(new(term), new(first + (ulong)i), EntryType.Normal, default)).ToArray();
        model.AddRange(added);
        storage.Append(added);
    }

    private static void Compare(MemoryStorage storage, List<Entry> model, ulong offset)
    {
        Assert.Equal(new LogIndex(offset + 1), storage.FirstIndex);
        Assert.Equal(new LogIndex(offset + (ulong)model.Count), storage.LastIndex);
        foreach (var entry in model)
        {
            Assert.Equal(LogRead.Ok, storage.Term(entry.Index, out var term));
            Assert.Equal(entry.Term, term);
        }

        Assert.Equal(LogRead.Unavailable, storage.Term(storage.LastIndex.Next, out _));
        if (offset > 0)
        {
            Assert.Equal(LogRead.Compacted, storage.Term(new(offset - 1), out _));
        }
    }
}
