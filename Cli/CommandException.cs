namespace Wetware.Cli;

/// <summary>A command cannot be carried out as it was asked; the message is one line that says why and what to do.</summary>
internal class CommandException(string message) : Exception(message);
