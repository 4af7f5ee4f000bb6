using System.Runtime.InteropServices;
using Wetware.Raft.Log.Files;
using Xunit;

namespace Wetware.Raft.Tests.Log;

/// <summary>What a file of a real disk owes the log, whether or not it can be written past the kernel's cache.</summary>
public sealed class DiskFileTests : IDisposable
{
    private const int Page = 4096;
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-disk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatWasWrittenDurablyIsReadBackHoweverItLies()
    {
        (int InMemory, int Bytes, int InFile)[] layouts = [(0, 2 * Page, Page), (1, 100, 3), (512, 512, 1024), (0, 777, 5 * Page), (0, 4 * Page, 0), (7, Page, 2 * Page), (512, Page, 3 * Page)];
        var files = new DiskFileSystem(_folder);
        using var file = files.Create("made", 16 * Page);
        file.WriteAt(new byte[16 * Page], 0);
        file.Sync();
        files.Rename("made", "named");
        var memory = GC.AllocateArray<byte>(8 * Page, pinned: true);
        var origin = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0) & (Page - 1));
        var random = new Random(7);
        var expected = new byte[16 * Page];
        var read = new byte[16 * Page];
        foreach (var (inMemory, bytes, inFile) in layouts)
        {
            random.NextBytes(memory);
            var source = memory.AsSpan(origin + inMemory, bytes);
            file.WriteDurably(source, inFile);
            source.CopyTo(expected.AsSpan(inFile));

            // What reads leave in the cache must not outlive the next write.
            Assert.Equal(read.Length, file.ReadAt(read, 0));
            Assert.Equal(expected, read);
        }

        using var again = files.Open("named");
        Assert.Equal(read.Length, again.ReadAt(read, 0));
        Assert.Equal(expected, read);
    }
}
