namespace Wetware.Fuzz.Raft;

/// <summary>What a client asks.</summary>
/// <param name="Number">Of the operation.</param>
/// <param name="Payload">A command, or a query.</param>
/// <param name="IsQuery">Which of the two.</param>
internal readonly record struct ClientRequest(ulong Number, byte[] Payload, bool IsQuery);
