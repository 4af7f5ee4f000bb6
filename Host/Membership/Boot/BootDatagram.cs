using System.Net;

namespace Wetware.Host.Membership.Boot;

/// <summary>What came in.</summary>
/// <param name="Bytes">Owned by whoever gets it.</param>
/// <param name="From">Who sent it, as far as an address tells.</param>
/// <param name="Socket">Where an answer goes out.</param>
internal sealed record BootDatagram(byte[] Bytes, IPEndPoint From, BootSocket Socket);
