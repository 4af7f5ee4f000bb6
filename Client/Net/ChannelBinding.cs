using System.Security.Cryptography;

namespace Wetware.Client.Net;

/// <summary>
/// What both ends of a connection know, and no other pair of ends has: a hash of the certificates that both showed. Each of the two
/// has proved in the handshake to own the key of its certificate, so whoever stands between them shows each a certificate of its own,
/// and the two connections have different bindings (the idea of tls-server-end-point, RFC 5929, for both sides). All zero over plain text.
/// </summary>
internal readonly struct ChannelBinding : IEquatable<ChannelBinding>
{
    public const int Size = SHA256.HashSizeInBytes;

    private readonly byte[]? _hash;

    private ChannelBinding(byte[] hash) => _hash = hash;

    /// <summary>That of a connection over plain text: it ties a login to nothing.</summary>
    public static ChannelBinding None => default;

    public ReadOnlySpan<byte> Bytes => _hash ?? Zero;

    private static ReadOnlySpan<byte> Zero => new byte[Size];

    /// <summary>The binding of a connection between two certificates, in DER.</summary>
    public static ChannelBinding Of(ReadOnlySpan<byte> server, ReadOnlySpan<byte> client)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("ww-channel-binding:"u8);
        hash.AppendData(SHA256.HashData(server));
        hash.AppendData(SHA256.HashData(client));
        return new ChannelBinding(hash.GetHashAndReset());
    }

    public bool Equals(ChannelBinding other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is ChannelBinding other && Equals(other);

    public override int GetHashCode() => BitConverter.ToInt32(Bytes);
}
