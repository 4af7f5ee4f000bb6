namespace Wetware.Host.Client;

/// <summary>The cluster could not do what it was asked: unreachable, refused, or not in time. The message is one line.</summary>
public class WetwareException : Exception
{
    /// <summary>With what went wrong.</summary>
    public WetwareException(string message)
        : base(message)
    {
    }

    /// <summary>With what went wrong, and why.</summary>
    public WetwareException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
