namespace Wetware.Raft;

/// <summary>The values of a <see cref="RaftConfig"/> do not go together.</summary>
public sealed class RaftConfigException(string message) : Exception(message);
