namespace Wetware.Client;

/// <summary>What a reference to a channel can do.</summary>
public enum ChannelRights
{
    /// <summary>Send.</summary>
    Send,

    /// <summary>Send and close.</summary>
    SendAndClose,

    /// <summary>Close.</summary>
    Close,

    /// <summary>Receive.</summary>
    Receive,
}
