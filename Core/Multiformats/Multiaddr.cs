using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Wetware.Core.Multiformats;

/// <summary>
/// A self-describing network address, such as <c>/ip4/10.0.0.1/udp/8020/quic-v1/p2p/Qm...</c>
/// (https://github.com/multiformats/multiaddr). Immutable; equality is that of the binary form.
/// Invariant: the bytes are a sequence of whole, valid components of known protocols.
/// </summary>
public sealed class Multiaddr : IEquatable<Multiaddr>
{
    /// <summary>The longest address in bytes. A Unix path takes 108, a DNS name 255; nothing honest is near this.</summary>
    public const int BytesMax = 1024;

    private readonly byte[] _bytes;

    private Multiaddr(byte[] bytes) => _bytes = bytes;

    /// <summary>The binary form.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The components, in order.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>
    /// Reads the binary form; false if it is empty, malformed, too long, or holds a protocol that is not known here (whose length
    /// cannot be known either). A caller that got it inside a packet drops the address, not the packet.
    /// </summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Multiaddr? address)
    {
        address = null;
        if (bytes.Length is 0 or > BytesMax)
        {
            return false;
        }

        for (var rest = bytes; rest.Length > 0;)
        {
            // In text a Unix path takes the rest, so nothing may follow it in binary either.
            if (!TryReadComponent(ref rest, out var protocol, out var value)
                || !MultiaddrComponent.IsValid(protocol, value)
                || (ReferenceEquals(protocol, MultiaddrProtocol.Unix) && rest.Length > 0))
            {
                return false;
            }
        }

        address = new Multiaddr(bytes.ToArray());
        return true;
    }

    /// <summary>Reads the text form; false if it is not a multiaddr of known protocols.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Multiaddr? address) => TryParse(text, out address, out _);

    /// <summary>Reads the text form, and says what is wrong with it if it is not a multiaddr of known protocols.</summary>
    /// <param name="text">For example <c>/ip4/127.0.0.1/tcp/2020</c>.</param>
    /// <param name="address">The address.</param>
    /// <param name="error">What is wrong, in one line.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Multiaddr? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        if (!text.StartsWith('/'))
        {
            error = "a multiaddr starts with '/'";
            return false;
        }

        if (text.Length > BytesMax)
        {
            error = $"longer than {BytesMax} characters";
            return false;
        }

        var builder = new Builder();
        var parts = text.Split('/');
        // The first part is the nothing before the first slash; one trailing slash is forgiven.
        var end = parts.Length > 2 && parts[^1].Length == 0 ? parts.Length - 1 : parts.Length;
        for (var i = 1; i < end; i++)
        {
            if (MultiaddrProtocol.Find(parts[i].AsSpan()) is not { } protocol)
            {
                error = $"unknown protocol '{parts[i]}'";
                return false;
            }

            var value = protocol.ValueBytes == 0 ? "" : i + 1 < end ? parts[i + 1] : null;
            if (ReferenceEquals(protocol, MultiaddrProtocol.Unix) && value is not null)
            {
                value = "/" + string.Join('/', parts[(i + 1)..end]);
                i = end - 2;
            }

            if (value is null || !builder.TryAdd(protocol, value))
            {
                error = value is null ? $"'{protocol.Name}' lacks its value" : $"'{value}' is not a value of '{protocol.Name}'";
                return false;
            }

            i += protocol.ValueBytes == 0 ? 0 : 1;
        }

        return builder.TryBuild(out address, out error);
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">It is not a multiaddr of known protocols.</exception>
    public static Multiaddr Parse(string text) =>
        TryParse(text, out var address, out var error) ? address : throw new FormatException($"'{text}': {error}");

    /// <summary>Finds the first component of a protocol.</summary>
    public bool TryFind(MultiaddrProtocol protocol, out MultiaddrComponent component)
    {
        foreach (var candidate in this)
        {
            if (ReferenceEquals(candidate.Protocol, protocol))
            {
                component = candidate;
                return true;
            }
        }

        component = default;
        return false;
    }

    /// <summary>The peer that the address ends at, or nobody.</summary>
    public PeerId Peer =>
        TryFind(MultiaddrProtocol.P2p, out var component) && PeerId.TryFromBytes(component.Value, out var id) ? id : PeerId.None;

    /// <summary>This address with the components of another after it.</summary>
    public Multiaddr Append(Multiaddr suffix) => new([.. _bytes, .. suffix._bytes]);

    /// <inheritdoc/>
    public bool Equals(Multiaddr? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Multiaddr);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var component in this)
        {
            text.Append('/').Append(component.Protocol.Name);
            var value = component.Text;
            text.Append(value.Length > 0 && value[0] != '/' ? "/" : "").Append(value);
        }

        return text.ToString();
    }

    private static bool TryReadComponent(
        scoped ref ReadOnlySpan<byte> rest, [NotNullWhen(true)] out MultiaddrProtocol? protocol, out ReadOnlySpan<byte> value)
    {
        value = default;
        protocol = Varint.TryRead(ref rest, out var code) ? MultiaddrProtocol.Find(code) : null;
        if (protocol is null)
        {
            return false;
        }

        if (protocol.ValueBytes == MultiaddrProtocol.Prefixed)
        {
            return Varint.TryReadPrefixed(ref rest, out value);
        }

        if (rest.Length < protocol.ValueBytes)
        {
            return false;
        }

        value = rest[..protocol.ValueBytes];
        rest = rest[protocol.ValueBytes..];
        return true;
    }

    /// <summary>Walks the components.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        /// <summary>The component that the last <see cref="MoveNext"/> found.</summary>
        public MultiaddrComponent Current { get; private set; }

        /// <summary>Moves to the next component; false at the end.</summary>
        public bool MoveNext()
        {
            if (_rest.Length == 0)
            {
                return false;
            }

            var read = TryReadComponent(ref _rest, out var protocol, out var value);
            Invariant.Check(read);
            Current = new MultiaddrComponent(protocol!, value);
            return true;
        }
    }

    private sealed class Builder
    {
        private readonly List<byte> _bytes = [];

        internal bool TryAdd(MultiaddrProtocol protocol, string text)
        {
            if (protocol.ValueBytes == 0)
            {
                Add((ulong)protocol.Code);
                return true;
            }

            if (!MultiaddrComponent.TryParseValue(protocol, text, out var value))
            {
                return false;
            }

            Add((ulong)protocol.Code);
            if (protocol.ValueBytes == MultiaddrProtocol.Prefixed)
            {
                Add((ulong)value.Length);
            }

            _bytes.AddRange(value);
            return true;
        }

        internal bool TryBuild([NotNullWhen(true)] out Multiaddr? address, [NotNullWhen(false)] out string? error)
        {
            address = _bytes.Count is > 0 and <= BytesMax ? new Multiaddr([.. _bytes]) : null;
            error = address is null ? (_bytes.Count == 0 ? "no protocol" : $"longer than {BytesMax} bytes") : null;
            return address is not null;
        }

        private void Add(ulong number)
        {
            Span<byte> varint = stackalloc byte[Varint.BytesMax];
            _bytes.AddRange(varint[..Varint.Write(varint, number)]);
        }
    }
}
