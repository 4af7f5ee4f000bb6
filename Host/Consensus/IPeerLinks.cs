using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>Where the groups' messages leave. Called on the loop; returns at once and may lose messages.</summary>
internal interface IPeerLinks
{
    /// <summary>Sends one message.</summary>
    /// <param name="group">Of which group.</param>
    /// <param name="message">Its entries are valid during the call only.</param>
    void Send(GroupId group, in Message message);
}
