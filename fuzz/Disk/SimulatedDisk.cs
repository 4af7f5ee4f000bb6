using Wetware.Core;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Disk;

/// <summary>
/// A folder on a disk that misbehaves as told, the same way for the same seed. Only what was synced survives a crash for sure; names
/// change durably when the folder is synced, otherwise some first part of the changes may survive.
/// </summary>
internal sealed class SimulatedDisk : IFileSystem
{
    private readonly int _sectorBytes;
    private readonly List<(string? From, string To, SimulatedInode? Inode)> _unsyncedNames = [];
    private SortedDictionary<string, SimulatedInode> _durableNames = new(StringComparer.Ordinal);
    private SortedDictionary<string, SimulatedInode> _names = new(StringComparer.Ordinal);
    private Prng _prng;
    private int _life;
    private int _locks;

    public SimulatedDisk(ulong seed, int sectorBytes = 512)
    {
        _prng = new(seed);
        _sectorBytes = sectorBytes;
    }

    public string Name => "the simulated disk";

    public DiskFaults Faults { get; set; } = DiskFaults.None;

    /// <summary>Writes, syncs and changes of names so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The step at which the machine dies, before the step's effects are certain; negative for never.</summary>
    public long CrashAtStep { get; set; } = -1;

    /// <summary>Bytes that all files together may occupy.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Whether the next write that can lands at another place of its file; one only.</summary>
    public bool IsNextAstray { get; set; }

    /// <summary>Simulated time that syncs have taken.</summary>
    public long Ticks { get; private set; }

    /// <summary>Syncs of files so far.</summary>
    public long Syncs { get; private set; }

    public IReadOnlyList<string> List() => [.. _names.Keys];

    public IFile Open(string name) =>
        _names.TryGetValue(name, out var inode) ? new SimulatedFile(this, inode, _life) : throw new FileNotFoundException($"there is no {name}", name);

    public IFile Create(string name, long bytes)
    {
        Step();
        EnsureRoom(bytes);
        var inode = new SimulatedInode(_sectorBytes);
        inode.Allocate(bytes);
        _names[name] = inode;
        _unsyncedNames.Add((null, name, inode));
        return new SimulatedFile(this, inode, _life);
    }

    public void Rename(string from, string to)
    {
        Step();
        if (!_names.Remove(from, out var inode))
        {
            throw new FileNotFoundException($"there is no {from}", from);
        }

        _names[to] = inode;
        _unsyncedNames.Add((from, to, inode));
    }

    public void Delete(string name)
    {
        Step();
        _names.Remove(name);
        _unsyncedNames.Add((null, name, null));
    }

    public void SyncFolder()
    {
        Step();
        ApplyNames(_unsyncedNames.Count);
    }

    public IDisposable Lock(string name)
    {
        if (_locks > 0)
        {
            throw new DataFolderLockedException($"{Name} is in use");
        }

        _locks++;
        var life = _life;
        return new Unlock(() => _locks -= life == _life ? 1 : 0);
    }

    public IBackgroundWork Start(Action work)
    {
        var life = _life;
        return new SimulatedWork(work, () => life == _life, _prng.Chance(0.5));
    }

    /// <summary>The power fails: unsynced writes are lost, torn or kept, and all open files are dead.</summary>
    public void Crash()
    {
        Restart();
        var survivors = _unsyncedNames.Count == 0 ? 0 : (int)_prng.Below((ulong)_unsyncedNames.Count + 1);
        foreach (var inode in _names.Values.Concat(_durableNames.Values).Distinct())
        {
            inode.Crash(ref _prng, Faults);
        }

        ApplyNames(survivors);
        _unsyncedNames.Clear();
        _names = new(_durableNames, StringComparer.Ordinal);
    }

    /// <summary>Only the process dies: what it wrote can still be read.</summary>
    public void Restart()
    {
        _life++;
        _locks = 0;
        CrashAtStep = -1;
    }

    /// <summary>Damages each sector of the named files with a chance.</summary>
    /// <returns>How many sectors.</returns>
    /// <param name="which">Of which files.</param>
    /// <param name="chance">Of each sector.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="sparesLastSynced">Whether each file's last synced write stays whole.</param>
    public int CorruptAtRest(Func<string, bool> which, double chance, int most = int.MaxValue, bool sparesLastSynced = false)
    {
        var count = 0;
        foreach (var (name, inode) in _names)
        {
            for (var sector = 0; which(name) && sector * (long)_sectorBytes < inode.Length && count < most; sector++)
            {
                if (_prng.Chance(chance) && !(sparesLastSynced && inode.IsOfLastSync(sector)))
                {
                    inode.Corrupt(sector, ref _prng);
                    count++;
                }
            }
        }

        return count;
    }

    /// <summary>Damages the sector of a file that holds an offset, somewhere.</summary>
    public void CorruptSector(string name, long offset) => _names[name].Corrupt((int)(offset / _sectorBytes), ref _prng);

    /// <summary>Flips a bit of the byte at an offset.</summary>
    public void CorruptAt(string name, long offset) => _names[name].Flip(offset);

    /// <summary>All bytes of a file, as programs see them.</summary>
    public byte[] Contents(string name)
    {
        var bytes = new byte[_names[name].Length];
        _names[name].Read(bytes, 0);
        return bytes;
    }

    /// <summary>Replaces a file as an outsider would, durably.</summary>
    public void Replace(string name, ReadOnlySpan<byte> contents)
    {
        var inode = new SimulatedInode(_sectorBytes);
        inode.Write(contents, 0);
        inode.Sync();
        _names[name] = inode;
        _durableNames[name] = inode;
    }

    internal void EnsureAlive(int life)
    {
        if (life != _life)
        {
            throw new SimulatedCrashException();
        }
    }

    internal int Read(SimulatedInode inode, Span<byte> destination, long offset)
    {
        if (Faults.ReadFailChance > 0 && _prng.Chance(Faults.ReadFailChance))
        {
            throw new IOException("the simulated drive cannot read a sector");
        }

        return inode.Read(destination, offset);
    }

    internal void Write(SimulatedInode inode, ReadOnlySpan<byte> source, long offset)
    {
        EnsureRoom(Math.Max(0, offset + source.Length - inode.Length));
        if ((IsNextAstray || (Faults.MisdirectChance > 0 && _prng.Chance(Faults.MisdirectChance))) && inode.Length > source.Length)
        {
            var sectors = (ulong)((inode.Length - source.Length) / _sectorBytes);
            offset = (long)_prng.Below(sectors + 1) * _sectorBytes;
            IsNextAstray = false;
        }

        if (Steps == CrashAtStep)
        {
            inode.Write(source, offset);
        }

        Step();
        inode.Write(source, offset);
    }

    internal void Sync(SimulatedInode inode)
    {
        Step();
        Syncs++;
        Ticks += Faults.StallChance > 0 && _prng.Chance(Faults.StallChance) ? Faults.StallTicks : 1;
        if (Faults.SyncFailChance > 0 && _prng.Chance(Faults.SyncFailChance))
        {
            inode.FailSync(ref _prng);
            throw new IOException("the simulated drive failed a sync");
        }

        inode.Sync();
    }

    private void Step()
    {
        if (Steps++ == CrashAtStep)
        {
            Crash();
            throw new SimulatedCrashException();
        }
    }

    private void EnsureRoom(long bytes)
    {
        if (bytes > 0 && bytes + _names.Values.Sum(inode => inode.Length) > Capacity)
        {
            throw new DiskFullException("the simulated disk is full");
        }
    }

    private void ApplyNames(int count)
    {
        foreach (var (from, to, inode) in _unsyncedNames.Take(count))
        {
            if (from is not null)
            {
                _durableNames.Remove(from);
            }

            if (inode is null)
            {
                _durableNames.Remove(to);
            }
            else
            {
                _durableNames[to] = inode;
            }
        }

        _unsyncedNames.RemoveRange(0, count);
    }

    private sealed class Unlock(Action release) : IDisposable
    {
        private Action? _release = release;

        public void Dispose()
        {
            _release?.Invoke();
            _release = null;
        }
    }
}
