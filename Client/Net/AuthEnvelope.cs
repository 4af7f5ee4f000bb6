using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Wetware.Core;
using Wetware.Core.Identity;

namespace Wetware.Client.Net;

/// <summary>
/// The challenge of a login and its answer, a signed envelope of domain <c>ww.auth</c> and payload type <c>de ea</c>. A challenge is
/// 32 random bytes, the binding of the connection that the login came over, the server's peer id and its namespace: an answer that was
/// got for one server or one connection is worthless to another that passed the question on.
/// </summary>
internal static class AuthEnvelope
{
    private const string Domain = "ww.auth";
    private const int NonceBytes = 32;
    private const int ServerAt = NonceBytes + ChannelBinding.Size;

    private static ReadOnlySpan<byte> PayloadType => [0xde, 0xea];

    public static byte[] NewChallenge(in PeerId server, string ns, in ChannelBinding binding) =>
        [.. RandomNumberGenerator.GetBytes(NonceBytes), .. binding.Bytes, (byte)server.Length, .. server.Bytes, .. Encoding.UTF8.GetBytes(ns)];

    /// <summary>Answers a challenge, if it is one of the server and the connection that were meant.</summary>
    /// <param name="key">Whose answer it is.</param>
    /// <param name="challenge">From the other side.</param>
    /// <param name="expected">The server; <see cref="PeerId.None"/> if its id is not known.</param>
    /// <param name="ns">The namespace that it must be of.</param>
    /// <param name="binding">That of the connection, as this side knows it.</param>
    /// <exception cref="InvalidDataException">It is not: somebody passes on another's challenge.</exception>
    public static byte[] Answer(PeerKey key, ReadOnlySpan<byte> challenge, in PeerId expected, string ns, in ChannelBinding binding)
    {
        if (challenge.Length < ServerAt + 1 || challenge.Length < ServerAt + 1 + challenge[ServerAt])
        {
            throw new InvalidDataException("the login challenge is cut short");
        }

        var server = challenge.Slice(ServerAt + 1, challenge[ServerAt]);
        if (!expected.IsNone && !server.SequenceEqual(expected.Bytes))
        {
            throw new InvalidDataException("the login challenge is another peer's than the one that was dialled");
        }

        if (!challenge.Slice(NonceBytes, ChannelBinding.Size).SequenceEqual(binding.Bytes))
        {
            throw new InvalidDataException("the login challenge is for another connection than this");
        }

        if (!challenge[(ServerAt + 1 + server.Length)..].SequenceEqual(Encoding.UTF8.GetBytes(ns)))
        {
            throw new InvalidDataException($"the peer is of another namespace than '{ns}'");
        }

        return Envelope.Seal(key, Domain, PayloadType, challenge);
    }

    /// <summary>Checks an answer to a challenge.</summary>
    public static bool TryVerify(
        ReadOnlySpan<byte> answer, ReadOnlySpan<byte> challenge, [NotNullWhen(true)] out PublicKey? account, [NotNullWhen(false)] out string? fault)
    {
        account = null;
        if (!Envelope.TryOpen(answer, Domain, PayloadType, out var envelope, out var why))
        {
            fault = $"the answer is no valid envelope ({why})";
            return false;
        }

        if (!CryptographicOperations.FixedTimeEquals(envelope.Payload.Span, challenge))
        {
            fault = "the answer is to another challenge";
            return false;
        }

        (account, fault) = (envelope.Signer, null);
        return true;
    }
}
