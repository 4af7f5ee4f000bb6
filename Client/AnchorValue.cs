namespace Wetware.Client;

/// <summary>What was read from an anchor. Dispose of it to let go of what it holds.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Data">The bytes, if it is data.</param>
/// <param name="Process">The program, if it is one; its <see cref="RemoteProcess.Pid"/> and <see cref="RemoteProcess.Cid"/> are not known.</param>
/// <param name="Session">The session, if it is one; valid until this is disposed of.</param>
/// <param name="Version">Another after every change; 0 while nothing was ever stored.</param>
public sealed record AnchorValue(AnchorKind Kind, ReadOnlyMemory<byte> Data, RemoteProcess? Process, WetwareSession? Session, ulong Version) : IDisposable
{
    internal IDisposable? Held { get; init; }

    /// <summary>Lets go of it.</summary>
    public void Dispose()
    {
        Process?.Dispose();
        Held?.Dispose();
    }
}
