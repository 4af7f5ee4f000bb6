namespace Wetware.Protocol.Queues;

/// <summary>Where a message stands. It leaves the machine when it is acked or, once dead, dropped.</summary>
public enum MessageState
{
    /// <summary>No message.</summary>
    None = 0,

    /// <summary>In line to be leased.</summary>
    Ready = 1,

    /// <summary>Joins the line at a set time.</summary>
    Delayed = 2,

    /// <summary>With a worker, until its deadline.</summary>
    Leased = 3,

    /// <summary>Out of attempts. Stays readable until somebody revives or drops it.</summary>
    Dead = 4,
}
