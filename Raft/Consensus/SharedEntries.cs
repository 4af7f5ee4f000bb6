using Wetware.Core;

namespace Wetware.Raft.Consensus;

/// <summary>Entries that were read from the log, with what they depend on.</summary>
/// <param name="First">The first index asked for.</param>
/// <param name="LogLast">The last index of the log at that time.</param>
/// <param name="Version">How often the log had been truncated.</param>
/// <param name="BytesMax">The limit under which they were read.</param>
/// <param name="Entries">What was read.</param>
/// <param name="PayloadBytes">The sum of their payloads.</param>
internal readonly record struct SharedEntries(
    LogIndex First,
    LogIndex LogLast,
    ulong Version,
    ulong BytesMax,
    ReadOnlyMemory<Entry> Entries,
    ulong PayloadBytes);
