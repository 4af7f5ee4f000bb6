namespace Wetware.Protocol.Routing;

/// <summary>What is wrong with the text of a query, and where.</summary>
/// <param name="Text">The whole query.</param>
/// <param name="Position">The index of the first character that is wrong; the length of the text if something is missing.</param>
/// <param name="Message">What is wrong, in one line.</param>
public sealed record QueryError(string Text, int Position, string Message)
{
    /// <summary>Three lines: the query, a caret under what is wrong, the message.</summary>
    public override string ToString() => $"{Text}\n{new string(' ', Position)}^\n{Message}";
}
