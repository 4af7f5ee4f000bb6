using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Wetware.Rpc.Tests;

/// <summary>Two self-signed certificates, and what each side of a connection is told to accept.</summary>
internal static class Certificates
{
    private static readonly X509Certificate2 s_server = Make("CN=server");
    private static readonly X509Certificate2 s_client = Make("CN=client");

    /// <summary>A server that takes only the client's certificate.</summary>
    public static SslServerAuthenticationOptions Server() => new()
    {
        ServerCertificate = s_server,
        ClientCertificateRequired = true,
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
        RemoteCertificateValidationCallback = (_, shown, _, _) => IsSame(shown, s_client),
    };

    /// <summary>A client that takes only the server's certificate.</summary>
    /// <param name="impostor">Whether it shows another certificate than the one the server knows.</param>
    public static SslClientAuthenticationOptions Client(bool impostor = false) => new()
    {
        TargetHost = "server",
        ClientCertificates = [impostor ? s_server : s_client],
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
        RemoteCertificateValidationCallback = (_, shown, _, _) => IsSame(shown, s_server),
    };

    /// <summary>A client that expects another server.</summary>
    public static SslClientAuthenticationOptions ClientOfAnother()
    {
        var options = Client();
        options.RemoteCertificateValidationCallback = (_, shown, _, _) => IsSame(shown, s_client);
        return options;
    }

    private static bool IsSame(X509Certificate? shown, X509Certificate2 expected) =>
        shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(expected.RawDataMemory.Span);

    private static X509Certificate2 Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }
}
