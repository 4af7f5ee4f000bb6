using Wetware.Core;
using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>The file of state slots, two for each group.</summary>
internal sealed class StateFile : IDisposable
{
    private readonly IFile _file;
    private readonly int _sectorBytes;
    private readonly uint _salt;
    private readonly byte[] _sector;
    private readonly Dictionary<int, int> _believed = [];
    private int _pairs;

    private StateFile(IFile file, int sectorBytes, ulong incarnation, int pairs)
    {
        _file = file;
        _sectorBytes = sectorBytes;
        _salt = StateSlot.Salt(incarnation);
        _sector = new byte[sectorBytes];
        _pairs = pairs;
    }

    /// <summary>Creates an empty one. The caller syncs the folder.</summary>
    public static StateFile Create(IFileSystem files, int sectorBytes, ulong incarnation) =>
        new(files.Create(FileNames.State, 0), sectorBytes, incarnation, 0);

    /// <summary>Opens it and reads the newer slot of each pair.</summary>
    /// <exception cref="LogFormatException">Both slots of a pair are damaged.</exception>
    public static StateFile Open(IFileSystem files, int sectorBytes, ulong incarnation, List<(int Pair, StateSlot Slot)> slots)
    {
        var file = files.Open(FileNames.State);
        try
        {
            var length = file.Length;
            if (length > 2L * sectorBytes * LogLimits.GroupsMax)
            {
                throw new LogFormatException($"file {FileNames.State} of {files.Name} has {length} bytes, more than groups can need");
            }

            var pairs = (int)((length + (2L * sectorBytes) - 1) / (2L * sectorBytes));
            var state = new StateFile(file, sectorBytes, incarnation, pairs);
            for (var pair = 0; pair < pairs; pair++)
            {
                if (state.TryRead(files, pair, out var slot))
                {
                    slots.Add((pair, slot));
                }
            }

            return state;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes an unused pair.</summary>
    public int NewPair()
    {
        if (_pairs == LogLimits.GroupsMax)
        {
            throw new InvalidOperationException($"a log holds at most {LogLimits.GroupsMax} groups");
        }

        return _pairs++;
    }

    /// <summary>Writes one slot of a pair. Durable after <see cref="Sync"/>.</summary>
    public void Write(int pair, int twin, in StateSlot slot)
    {
        slot.Write(_sector, _salt);
        _file.WriteAt(_sector, ((2L * pair) + twin) * _sectorBytes);
    }

    public void Sync() => _file.Sync();

    /// <summary>
    /// Writes and syncs again what was read: after a failed sync a slot can be read that is not on disk, and segments that it says are not
    /// needed may go only when it is. The slot that was not believed goes first.
    /// </summary>
    public void WriteAgain(List<(int Pair, StateSlot Slot)> slots)
    {
        for (var round = 0; round < 2 && slots.Count > 0; round++)
        {
            foreach (var (pair, slot) in slots)
            {
                Write(pair, (_believed[pair] + 1 + round) & 1, slot);
            }

            Sync();
        }
    }

    public void Dispose() => _file.Dispose();

    private bool TryRead(IFileSystem files, int pair, out StateSlot slot)
    {
        var isFirst = TryRead((2 * pair) + 0, out var first, out var isFirstBlank);
        var isSecond = TryRead((2 * pair) + 1, out var second, out var isSecondBlank);
        var believed = isFirst && (!isSecond || first.Sequence >= second.Sequence) ? 0 : 1;
        slot = believed == 0 ? first : second;
        _believed[pair] = believed;
        if (isFirst || isSecond)
        {
            return true;
        }

        // A pair whose first write was cut short has a blank second slot; nothing depended on it yet.
        if (!isFirstBlank && !isSecondBlank)
        {
            throw new LogFormatException(
                $"file {FileNames.State} of {files.Name} is damaged in both slots of pair {pair}: a vote may be lost; "
                + "let the node rejoin as a learner with an empty data folder");
        }

        return false;
    }

    private bool TryRead(int index, out StateSlot slot, out bool isBlank)
    {
        var read = _file.ReadAt(_sector, (long)index * _sectorBytes);
        isBlank = !_sector.AsSpan(0, read).ContainsAnyExcept((byte)0);
        return StateSlot.TryRead(_sector.AsSpan(0, read), _salt, out slot);
    }
}
