using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Wetware.Core;
using Wetware.Core.Multiformats;

namespace Wetware.Membership.Routing;

/// <summary>
/// What a peer says of itself and rarely changes: its host name, labels and addresses. Immutable, and shared by every record that says
/// the same. Invariant: the labels are sorted and distinct, and everything is within <see cref="Limits"/>.
/// </summary>
public sealed class Profile
{
    private readonly Label[] _meta;
    private readonly Multiaddr[] _addresses;

    private Profile(PeerId peer, Label? host, Label[] meta, Multiaddr[] addresses)
    {
        Peer = peer;
        Span<byte> text = stackalloc byte[Base58.DigitsMax];
        Name = new Label(text[..Base58.Encode(peer.Bytes, text)]);
        Host = host;
        _meta = meta;
        _addresses = addresses;
        SizeBytes = peer.Bytes.Length + (host?.Bytes.Length ?? 0);
        foreach (var label in meta)
        {
            SizeBytes += label.Bytes.Length;
        }

        foreach (var address in addresses)
        {
            SizeBytes += address.Bytes.Length;
        }
    }

    /// <summary>Whose profile it is.</summary>
    public PeerId Peer { get; }

    /// <summary>The peer's id as base58 text.</summary>
    public Label Name { get; }

    /// <summary>The name of the machine, or null if the peer does not say.</summary>
    public Label? Host { get; }

    /// <summary>The labels, each "key=value", in byte order.</summary>
    public ReadOnlySpan<Label> Meta => _meta;

    /// <summary>Where the peer can be dialled, in its order of preference.</summary>
    public ReadOnlySpan<Multiaddr> Addresses => _addresses;

    /// <summary>The bytes of everything it says.</summary>
    public int SizeBytes { get; }

    /// <summary>Makes a profile.</summary>
    /// <exception cref="ArgumentException">Something is not text, lacks its '=', or is beyond <see cref="Limits"/>.</exception>
    public static Profile Create(PeerId peer, string host, IReadOnlyList<string> meta, IReadOnlyList<Multiaddr> addresses)
    {
        var labels = new List<ReadOnlyMemory<byte>>(meta.Count);
        foreach (var label in meta)
        {
            labels.Add(Encoding.UTF8.GetBytes(label));
        }

        return TryCreate(peer, Encoding.UTF8.GetBytes(host), labels, addresses, out var profile, out var error)
            ? profile
            : throw new ArgumentException(error, nameof(meta));
    }

    /// <summary>Makes a profile of what came from outside; false, with a reason, if it is not acceptable.</summary>
    public static bool TryCreate(
        PeerId peer,
        ReadOnlySpan<byte> host,
        IReadOnlyList<ReadOnlyMemory<byte>> meta,
        IReadOnlyList<Multiaddr> addresses,
        [NotNullWhen(true)] out Profile? profile,
        [NotNullWhen(false)] out string? error)
    {
        profile = null;
        error = peer.IsNone ? "no peer id"
            : !IsText(host, Limits.HostBytesMax) ? $"the host name is not text of at most {Limits.HostBytesMax} bytes"
            : meta.Count > Limits.LabelsMax ? $"more than {Limits.LabelsMax} labels"
            : addresses.Count > Limits.AddressesMax ? $"more than {Limits.AddressesMax} addresses"
            : null;
        if (error is not null)
        {
            return false;
        }

        var labels = new Label[meta.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            var bytes = meta[i].Span;
            if (!IsText(bytes, Limits.LabelBytesMax) || bytes.IndexOf((byte)'=') <= 0)
            {
                error = $"a label is not \"key=value\" of at most {Limits.LabelBytesMax} bytes";
                return false;
            }

            labels[i] = new Label(bytes);
        }

        profile = new Profile(peer, host.IsEmpty ? null : new Label(host), Distinct(labels), [.. addresses]);
        return true;
    }

    /// <summary>The value of the label with a key, or an empty string if there is none.</summary>
    public string MetaValue(string key)
    {
        foreach (var label in _meta)
        {
            var text = label.ToString();
            if (text.Length > key.Length && text[key.Length] == '=' && text.StartsWith(key, StringComparison.Ordinal))
            {
                return text[(key.Length + 1)..];
            }
        }

        return "";
    }

    /// <summary>Whether another profile of the same peer says exactly the same.</summary>
    public bool SaysTheSame(Profile other)
    {
        if (Peer != other.Peer || Label.Compare(Host, other.Host) != 0 || Meta.Length != other.Meta.Length)
        {
            return false;
        }

        for (var i = 0; i < _meta.Length; i++)
        {
            if (Label.Compare(_meta[i], other._meta[i]) != 0)
            {
                return false;
            }
        }

        return Addresses.SequenceEqual(other.Addresses);
    }

    private static bool IsText(ReadOnlySpan<byte> bytes, int max) =>
        bytes.Length <= max && Utf8.IsValid(bytes) && !bytes.Contains((byte)0);

    private static Label[] Distinct(Label[] labels)
    {
        Array.Sort(labels, Label.Compare);
        var count = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (count == 0 || Label.Compare(labels[count - 1], labels[i]) != 0)
            {
                labels[count++] = labels[i];
            }
        }

        return count == labels.Length ? labels : labels[..count];
    }
}
