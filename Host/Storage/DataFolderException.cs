namespace Wetware.Host.Storage;

/// <summary>The data folder cannot be used; the message is one line that says which file, why, and what to do.</summary>
public sealed class DataFolderException(string message, Exception? inner = null) : Exception(message, inner);
