namespace Wetware.Cli.Tests.Programs;

/// <summary>A folder for one test, removed after it.</summary>
internal sealed class Folder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("ww-test-").FullName;

    public string File(params string[] parts) => Path.Combine([FullPath, .. parts]);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
