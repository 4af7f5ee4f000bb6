using System.Net;
using Wetware.Membership.Boot;

namespace Wetware.Host.Membership.Boot;

/// <summary>A boot packet that passed.</summary>
/// <param name="Packet">What it says; null if it is not to be believed.</param>
/// <param name="Fault">Why it is not.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="From">Where it came from.</param>
public sealed record BootSighting(BootPacket? Packet, BootFault Fault, int Bytes, IPEndPoint From);
