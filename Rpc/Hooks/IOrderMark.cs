namespace Wetware.Rpc.Hooks;

/// <summary>Something that travels behind the calls to a hook, to learn that all of them have gone ahead: a disembargo.</summary>
internal interface IOrderMark
{
    /// <summary>The mark comes by something at the far end of a connection, and may go on from there.</summary>
    /// <param name="hook">Borrowed.</param>
    void ComesBy(RemoteHook hook);

    /// <summary>The mark has passed every queue.</summary>
    /// <param name="hook">The last hook on its way; borrowed.</param>
    void Arrived(ClientHook hook);
}
