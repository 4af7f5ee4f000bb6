using System.Net;

namespace Wetware.Membership.Boot;

/// <summary>What a search wants asked.</summary>
/// <param name="Kind">A request or a survey.</param>
/// <param name="Distance">Of a survey: how near a peer must be to answer.</param>
/// <param name="To">Where to send it.</param>
public readonly record struct BootQuestion(BootPacketKind Kind, byte Distance, IPEndPoint To);
