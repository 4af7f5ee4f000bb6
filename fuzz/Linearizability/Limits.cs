namespace Wetware.Fuzz.Linearizability;

/// <summary>The limits of checking, each with its unit and its reason.</summary>
internal static class Limits
{
    /// <summary>Longest line of a history file, in characters: a recorded operation is far shorter.</summary>
    public const int LineCharsMax = 1 << 16;

    /// <summary>Operations of one history file: what a test can wait for.</summary>
    public const int FileOperationsMax = 1 << 24;

    /// <summary>Words that the visited configurations of one search may take, 8 bytes each (1 GiB): past it the verdict is Unknown.</summary>
    public const int ConfigurationWordsMax = 1 << 27;

    /// <summary>Distinct states of one search: ids are 31 bits, and each costs a state of the model.</summary>
    public const int StatesMax = 1 << 26;

    /// <summary>Operations drawn in a timeline, around the failure: a browser stays usable.</summary>
    public const int TimelineOperationsMax = 2_000;
}
