namespace Wetware.Core;

/// <summary>A file or folder cannot be used; the message is one line that says which, why, and what to do.</summary>
public sealed class StorageException(string message, Exception? inner = null) : WetwareException(FailureReason.Storage, message, inner);
