namespace Wetware.Core;

/// <summary>An option cannot work; the message is one line that says which, and why.</summary>
public sealed class WetwareOptionsException(string message) : WetwareException(FailureReason.Invalid, message);
