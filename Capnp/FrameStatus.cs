namespace Wetware.Capnp;

/// <summary>What is known of a frame from its first bytes.</summary>
public enum FrameStatus
{
    /// <summary>The segment table is not all there yet.</summary>
    NeedMore,

    /// <summary>The segment table is there and within the limits.</summary>
    Ready,
}
