using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Wetware.Core.Multiformats;

/// <summary>One step of a multiaddr: a protocol and its value. Refers to the address it was read from.</summary>
public readonly ref struct MultiaddrComponent
{
    /// <summary>The widest network, in bits: all of an IPv6 address.</summary>
    public const int CidrBitsMax = 128;

    internal MultiaddrComponent(MultiaddrProtocol protocol, ReadOnlySpan<byte> value)
    {
        Protocol = protocol;
        Value = value;
    }

    /// <summary>What the value means.</summary>
    public MultiaddrProtocol Protocol { get; }

    /// <summary>The value in binary, without its length.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>The port, of tcp and udp only.</summary>
    public int Port
    {
        get
        {
            Invariant.Check(ReferenceEquals(Protocol, MultiaddrProtocol.Tcp) || ReferenceEquals(Protocol, MultiaddrProtocol.Udp));
            return BinaryPrimitives.ReadUInt16BigEndian(Value);
        }
    }

    /// <summary>The value in text, as it stands after the protocol's name; empty for a protocol without one.</summary>
    public string Text => Protocol.Code switch
    {
        _ when Protocol.ValueBytes == 0 => "",
        4 or 41 => new IPAddress(Value).ToString(),
        6 or 273 => BinaryPrimitives.ReadUInt16BigEndian(Value).ToString(CultureInfo.InvariantCulture),
        103 => Value[0].ToString(CultureInfo.InvariantCulture),
        421 => PeerId.TryFromBytes(Value, out var id) ? id.ToString() : "",
        _ => Encoding.UTF8.GetString(Value),
    };

    /// <summary>Whether a value that came from outside is one this protocol can have.</summary>
    internal static bool IsValid(MultiaddrProtocol protocol, ReadOnlySpan<byte> value) => protocol.Code switch
    {
        103 => value[0] <= CidrBitsMax,
        421 => PeerId.TryFromBytes(value, out _),
        400 => value.Length > 1 && value[0] == '/' && value[^1] != '/' && IsText(value),
        _ when protocol.ValueBytes == MultiaddrProtocol.Prefixed => value.Length > 0 && !value.Contains((byte)'/') && IsText(value),
        _ => true,
    };

    /// <summary>Turns the text of a value into its binary form.</summary>
    internal static bool TryParseValue(MultiaddrProtocol protocol, string text, [NotNullWhen(true)] out byte[]? value)
    {
        value = protocol.Code switch
        {
            4 => ParseAddress(text, AddressFamily.InterNetwork),
            41 => ParseAddress(text, AddressFamily.InterNetworkV6),
            6 or 273 => ParsePort(text),
            103 => byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) ? [bits] : null,
            421 => PeerId.TryParse(text.AsSpan(), out var id) ? id.Bytes.ToArray() : null,
            _ => Encoding.UTF8.GetBytes(text),
        };
        return value is not null && IsValid(protocol, value);
    }

    private static byte[]? ParsePort(string text)
    {
        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        var value = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(value, port);
        return value;
    }

    private static byte[]? ParseAddress(string text, AddressFamily family)
    {
        // The base library also takes "1", "0x7f.1" and zones; only the plain forms belong in a multiaddr.
        if (text.Contains('%', StringComparison.Ordinal)
            || text.Contains('[', StringComparison.Ordinal)
            || !IPAddress.TryParse(text, out var address)
            || address.AddressFamily != family
            || (family == AddressFamily.InterNetwork && address.ToString() != text))
        {
            return null;
        }

        return address.GetAddressBytes();
    }

    private static bool IsText(ReadOnlySpan<byte> value) => System.Text.Unicode.Utf8.IsValid(value) && !value.Contains((byte)0);
}
