namespace Wetware.Rpc.Hooks;

/// <summary>The peer broke a rule of the protocol: its connection is aborted with this reason, and no other is touched.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
