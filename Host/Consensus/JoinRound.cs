using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Host.Net;

namespace Wetware.Host.Consensus;

/// <summary>What came of asking every node that is known once whether this one may be a member.</summary>
/// <param name="IsHeard">Whether anybody answered.</param>
/// <param name="IsWorthWaiting">Whether somebody may answer later who did not now.</param>
/// <param name="Why">Why nobody answered.</param>
internal readonly record struct JoinRound(bool IsHeard, bool IsWorthWaiting, string Why)
{
    /// <summary>Before anybody was asked.</summary>
    public static JoinRound Empty => new(false, false, "there is nobody to ask");

    /// <summary>With one that answered.</summary>
    public JoinRound Heard() => this with { IsHeard = true };

    /// <summary>With one that did not.</summary>
    public JoinRound Failed(WetwareException failure) => this with { IsWorthWaiting = IsWorthWaiting || failure is UnansweredException, Why = failure.Message };
}
