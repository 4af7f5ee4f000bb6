namespace Wetware.Raft.Tests.Conformance;

/// <summary>One case of a datadriven file: a command with its arguments, input lines, and the output expected.</summary>
/// <param name="Line">Where it starts, for messages.</param>
/// <param name="Command">The first word.</param>
/// <param name="Arguments">The others: a key with values, or a bare word with none.</param>
/// <param name="Input">The lines before the rule.</param>
/// <param name="Expected">The lines after it.</param>
internal sealed record Directive(
    int Line,
    string Command,
    IReadOnlyList<(string Key, string[] Values)> Arguments,
    IReadOnlyList<string> Input,
    IReadOnlyList<string> Expected)
{
    public IEnumerable<ulong> Ids => Arguments.Where(a => a.Values.Length == 0).Select(a => Number(a.Key));

    public ulong FirstId => Ids.First();

    public string[] Values(string key) => Arguments.FirstOrDefault(a => a.Key == key && a.Values.Length > 0).Values ?? [];

    public ulong[] Numbers(string key) => [.. Values(key).Select(Number)];

    public bool Has(string key) => Arguments.Any(a => a.Key == key);

    public bool Flag(string key) => Values(key) is ["true"];

    public static ulong Number(string text) => ulong.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
