using Wetware.Core;

namespace Wetware.Raft;

/// <summary>
/// What the core reads of a group's stored log. The core never writes: the host persists what each <see cref="Ready"/>
/// shows, and what it has acknowledged must be visible here from then on. Called from the thread that drives the node
/// only, and must not block on other than local memory or disk.
/// </summary>
public interface IRaftStorage
{
    /// <summary>The hard state last persisted; read once, when the node starts.</summary>
    HardState HardState { get; }

    /// <summary>The configuration as of the last applied entry that is known at start; read once, when the node starts.</summary>
    ConfState ConfState { get; }

    /// <summary>The first index whose entry can be read: the one after the snapshot's, 1 where there is none.</summary>
    LogIndex FirstIndex { get; }

    /// <summary>The last index whose entry can be read: <see cref="FirstIndex"/> - 1 when there are none.</summary>
    LogIndex LastIndex { get; }

    /// <summary>The term of the entry at <paramref name="index"/>, which may also be <see cref="FirstIndex"/> - 1.</summary>
    LogRead Term(LogIndex index, out Term term);

    /// <summary>
    /// Appends to <paramref name="destination"/> the entries of [<paramref name="from"/>, <paramref name="until"/>), or a
    /// prefix of them: it stops before the entry that would take the sum of <see cref="Entry.EncodedBytes"/> over
    /// <paramref name="bytesMax"/>, but always gives one. Payloads stay unchanged for as long as anybody holds them.
    /// </summary>
    LogRead Entries(LogIndex from, LogIndex until, ulong bytesMax, EntryBuffer destination);

    /// <summary>The latest snapshot to bring a follower up with; <see cref="LogRead.Unavailable"/> while there is none or it is being made.</summary>
    LogRead Snapshot(out Snapshot? snapshot);
}
