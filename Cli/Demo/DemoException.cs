namespace Wetware.Cli.Demo;

/// <summary>The demo could not be carried out; the message is one line.</summary>
internal sealed class DemoException(string message) : CommandException(message);
