namespace Wetware.Host.Consensus;

/// <summary>What became of a batch that was given to a carrier.</summary>
internal enum Carriage
{
    /// <summary>It has left, and the next may follow.</summary>
    Gone,

    /// <summary>It has left; whether it is lost, and when the next may follow, an event will say.</summary>
    UnderWay,

    /// <summary>There is no way to the member now.</summary>
    Lost,
}
