using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Wetware.Core;
using Wetware.Membership.Identity;

namespace Wetware.Host.Sessions;

/// <summary>
/// The challenge of a login and its answer, a signed envelope of domain <c>ww.auth</c> and payload type <c>de ea</c>. A
/// challenge names the server and its namespace beside 32 random bytes, so that an answer given to one server is worthless to
/// another that passed the question on.
/// </summary>
internal static class AuthEnvelope
{
    private const string Domain = "ww.auth";
    private const int NonceBytes = 32;

    private static ReadOnlySpan<byte> PayloadType => [0xde, 0xea];

    public static byte[] NewChallenge(in PeerId server, string ns) =>
        [.. RandomNumberGenerator.GetBytes(NonceBytes), (byte)server.Length, .. server.Bytes, .. Encoding.UTF8.GetBytes(ns)];

    /// <summary>Answers a challenge, if it names the server that was meant.</summary>
    /// <exception cref="InvalidDataException">It does not: somebody passes on another server's challenge.</exception>
    public static byte[] Answer(PeerKey key, ReadOnlySpan<byte> challenge, in PeerId expected, string? ns)
    {
        if (challenge.Length < NonceBytes + 1 || challenge.Length < NonceBytes + 1 + challenge[NonceBytes])
        {
            throw new InvalidDataException("the login challenge is cut short");
        }

        var server = challenge.Slice(NonceBytes + 1, challenge[NonceBytes]);
        if (!expected.IsNone && !server.SequenceEqual(expected.Bytes))
        {
            throw new InvalidDataException("the login challenge is another peer's than the one that was dialled");
        }

        if (ns is not null && !challenge[(NonceBytes + 1 + server.Length)..].SequenceEqual(Encoding.UTF8.GetBytes(ns)))
        {
            throw new InvalidDataException("the peer is of another namespace");
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
