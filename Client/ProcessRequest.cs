namespace Wetware.Client;

/// <summary>How a program is to be run.</summary>
/// <param name="Arguments">Its arguments; before them it finds the content id of its bytecode.</param>
public sealed record ProcessRequest(params IReadOnlyList<string> Arguments)
{
    /// <summary>Its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The process that it is a child of; 0 for the node itself.</summary>
    public uint Parent { get; init; }

    /// <summary>What it may ask for over its socket; nothing if null. It gets an executor, if the session has one, that starts children of it.</summary>
    public WetwareSession? Session { get; init; }

    /// <summary>What it reads on standard input; nothing if null. Read one piece after the other; stays the caller's.</summary>
    public Stream? Input { get; init; }

    /// <summary>Where its standard output goes; nowhere if null. Stays the caller's.</summary>
    public Stream? Output { get; init; }

    /// <summary>Where its standard error goes; nowhere if null. Stays the caller's.</summary>
    public Stream? Error { get; init; }
}
