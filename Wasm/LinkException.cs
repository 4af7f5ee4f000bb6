namespace Wetware.Wasm;

/// <summary>A module could not be instantiated: an import is missing or of another type, or a limit on instances or sizes is reached.</summary>
public sealed class LinkException : Exception
{
    internal LinkException(string message)
        : base(message)
    {
    }
}
