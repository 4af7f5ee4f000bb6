using Wetware.Client.Identity;
using Wetware.Core.Identity;

namespace Wetware.Client;

/// <summary>How a client calls on a cluster. Instances are immutable; change one with a <c>with</c> expression.</summary>
public sealed record WetwareClientOptions
{
    /// <summary>The defaults: TLS, namespace "ww", a key made for the connection.</summary>
    public static WetwareClientOptions Default { get; } = new();

    /// <summary>Name of the cluster; nodes of another one are refused.</summary>
    public string Namespace { get; init; } = "ww";

    /// <summary>Whether to speak plain text, as nodes do that were started so.</summary>
    public bool Insecure { get; init; }

    /// <summary>For connecting to one node, login included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>File of the account's private key, for nodes whose policy asks who it is; a key that nobody knows is made if null.</summary>
    public string? IdentityFile { get; init; }

    internal PeerKey LoadKey() => IdentityFile is { } path ? Identity.IdentityFile.Load(path) : PeerKey.Create();
}
