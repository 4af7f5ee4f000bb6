namespace Wetware.Fuzz.Linearizability;

/// <summary>What a certificate is worth.</summary>
/// <param name="Holds">Whether it proves the history linearizable. Where false, the history may still be; ask the search.</param>
/// <param name="Culprit">The position, in what was given, of the operation at which it failed; -1 where it holds.</param>
/// <param name="Reason">Why it failed, or "".</param>
internal readonly record struct CertificateResult(bool Holds, int Culprit, string Reason)
{
    public static CertificateResult Proof => new(Holds: true, -1, "");
}
