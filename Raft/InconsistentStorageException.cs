namespace Wetware.Raft;

/// <summary>What a node's storage holds contradicts itself, so the node cannot start without breaking a promise it made.</summary>
public sealed class InconsistentStorageException(string message) : Exception(message);
