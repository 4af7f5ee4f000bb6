using Wetware.Core;

namespace Wetware.Membership.Wire;

/// <summary>What two peers share, seen from one of them: a secret, the number of the last frame sent, and those that came.</summary>
internal sealed class PairChannel(ServerId theirs, byte[] secret)
{
    private ulong _sent;
    private ReplayWindow _came;

    /// <summary>Which start of the other process the secret is for.</summary>
    internal ServerId Theirs { get; } = theirs;

    internal ReadOnlySpan<byte> Secret => secret;

    /// <summary>
    /// The number of the next frame. It follows the clock, so that a channel that was forgotten and made again does not repeat itself.
    /// </summary>
    internal ulong NextNumber(ulong now) => _sent = Math.Max(_sent + 1, now);

    internal bool TryTake(ulong number) => _came.TryTake(number);
}
