namespace Wetware.Generator.Emit;

/// <summary>A file to write.</summary>
/// <param name="Path">Relative to the output folder.</param>
/// <param name="Text">Its whole text.</param>
internal sealed record GeneratedFile(string Path, string Text);
