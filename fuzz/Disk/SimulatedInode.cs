using Wetware.Core;

namespace Wetware.Fuzz.Disk;

/// <summary>The bytes of one file, as programs see them and as the platter has them.</summary>
internal sealed class SimulatedInode(int sectorBytes)
{
    private readonly SortedSet<int> _dirty = [];
    private byte[] _visible = [];
    private byte[] _durable = [];
    private long _durableLength;
    private (int First, int Last) _lastSync = (0, -1);

    public long Length { get; private set; }

    public int Read(Span<byte> destination, long offset)
    {
        var read = (int)Math.Clamp(Length - offset, 0, destination.Length);
        _visible.AsSpan((int)Math.Min(offset, Length), read).CopyTo(destination);
        return read;
    }

    public void Write(ReadOnlySpan<byte> source, long offset)
    {
        if (source.Length == 0)
        {
            return;
        }

        var end = offset + source.Length;
        Reserve(end);
        source.CopyTo(_visible.AsSpan((int)offset));
        Length = Math.Max(Length, end);
        for (var sector = (int)(offset / sectorBytes); sector * (long)sectorBytes < end; sector++)
        {
            _dirty.Add(sector);
        }
    }

    public void Reserve(long length)
    {
        var bytes = (int)((length + sectorBytes - 1) / sectorBytes * sectorBytes);
        if (_visible.Length < bytes)
        {
            bytes = Math.Max(bytes, _visible.Length * 2);
            Array.Resize(ref _visible, bytes);
            Array.Resize(ref _durable, bytes);
        }
    }

    /// <summary>Makes a length visible and durable without writing anything, as preallocation does.</summary>
    public void Allocate(long length)
    {
        Reserve(length);
        Length = Math.Max(Length, length);
    }

    /// <summary>Whether a sector was among those that the last sync with anything to do wrote.</summary>
    public bool IsOfLastSync(int sector) => sector >= _lastSync.First && sector <= _lastSync.Last;

    public void Sync()
    {
        _lastSync = _dirty.Count > 0 ? (_dirty.Min, _dirty.Max) : _lastSync;
        foreach (var sector in _dirty)
        {
            Persist(sector);
        }

        _dirty.Clear();
        _durableLength = Length;
    }

    /// <summary>A sync failed: some sectors made it, and the kernel forgets that the others did not.</summary>
    public void FailSync(ref Prng prng)
    {
        foreach (var sector in _dirty)
        {
            if (prng.Chance(0.5))
            {
                Persist(sector);
            }
        }

        _dirty.Clear();
        _durableLength = Length;
    }

    public void Crash(ref Prng prng, DiskFaults faults)
    {
        foreach (var sector in _dirty)
        {
            if (prng.Chance(faults.GarbageChance))
            {
                prng.Fill(_visible.AsSpan(sector * sectorBytes, sectorBytes));
                Persist(sector);
            }
            else if (prng.Chance(faults.SurviveChance))
            {
                Persist(sector);
            }
        }

        _dirty.Clear();
        _durable.CopyTo(_visible, 0);
        Length = _durableLength;
        _visible.AsSpan((int)Length).Clear();
        _durable.AsSpan((int)Length).Clear();
    }

    /// <summary>Damages one sector at rest: a few bits, or all of it.</summary>
    public void Corrupt(int sector, ref Prng prng)
    {
        var bytes = _visible.AsSpan(sector * sectorBytes, (int)Math.Min(sectorBytes, Length - (sector * (long)sectorBytes)));
        if (prng.Chance(0.5))
        {
            prng.Fill(bytes);
        }
        else
        {
            bytes[(int)prng.Below((ulong)bytes.Length)] ^= (byte)(1 << (int)prng.Below(8));
        }

        bytes.CopyTo(_durable.AsSpan(sector * sectorBytes));
    }

    /// <summary>Flips a bit at rest.</summary>
    public void Flip(long offset)
    {
        _visible[(int)offset] ^= 1;
        _durable[(int)offset] = _visible[(int)offset];
    }

    private void Persist(int sector)
    {
        var at = sector * sectorBytes;
        _visible.AsSpan(at, sectorBytes).CopyTo(_durable.AsSpan(at));
        _durableLength = Math.Max(_durableLength, Math.Min(Length, at + sectorBytes));
    }
}
