namespace Wetware.Rpc.Transport;

/// <summary>A frame that this side refuses to take: the connection ends with <see cref="CloseKind.FrameTooLarge"/>.</summary>
public sealed class FrameException(string message) : Exception(message);
