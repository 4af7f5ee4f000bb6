using System.Diagnostics;
using System.Runtime.InteropServices;
using Wetware.Testing;

namespace Wetware.Generator.Tests;

/// <summary>A project outside the repository that says &lt;CapnpSchema Include="x.capnp" /&gt;.</summary>
public sealed class MSBuildTests : IDisposable
{
    // The runtime stands in shared/Microsoft.NETCore.App/10.x below the command that runs it.
    private static readonly string DotnetFolder = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(),
        "..", "..", ".."));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void SchemasAreCompiledWithTheProject()
    {
        Capnp.Require();
        WriteProject();

        var (code, output) = Build(Environment.GetEnvironmentVariable("PATH")!);

        Assert.True(code == 0, output);
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "obj", "Debug", "net10.0", "capnp", "point.g.cs")), output);
    }

    [Fact]
    public void AMissingCompilerIsSaidInWords()
    {
        WriteProject();
        var path = Directory.CreateDirectory(Path.Combine(_folder.FullName, "path"));
        File.CreateSymbolicLink(Path.Combine(path.FullName, "sh"), "/bin/sh");
        File.CreateSymbolicLink(Path.Combine(path.FullName, "dotnet"), Path.Combine(DotnetFolder, "dotnet"));

        var (code, output) = Build(path.FullName);

        Assert.NotEqual(0, code);
        Assert.True(output.Contains("error CAPNP0001: the Cap'n Proto compiler 'capnp' is not on the PATH", StringComparison.Ordinal),
            output);
    }

    private void WriteProject()
    {
        var built = AppContext.BaseDirectory;
        File.WriteAllText(Path.Combine(_folder.FullName, "point.capnp"),
            "@0x9000000000000001;\nusing import \"shape.capnp\".Shape;\nstruct Point { x @0 :Int32; shape @1 :Shape; }");
        File.WriteAllText(Path.Combine(_folder.FullName, "shape.capnp"), "@0x9000000000000002;\nenum Shape { round @0; square @1; }");
        File.WriteAllText(
            Path.Combine(_folder.FullName, "Program.cs"),
            "var message = new Wetware.Capnp.MessageBuilder();\n"
            + "var point = message.InitRoot<Shapes.Points.Point.Builder>();\n"
            + "point.Shape = Sample.Shape.Square;\n");
        File.WriteAllText(
            Path.Combine(_folder.FullName, "sample.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RootNamespace>Sample</RootNamespace>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <GenerateDocumentationFile>true</GenerateDocumentationFile>
                <CapnpcCSharp>{Path.Combine(built, "capnpc-csharp.dll")}</CapnpcCSharp>
              </PropertyGroup>
              <ItemGroup>
                <CapnpSchema Include="point.capnp" Namespace="Shapes.Points" />
                <CapnpSchema Include="shape.capnp" Access="internal" />
                <CapnpSchema Update="shape.capnp" Access="public" />
                <Reference Include="{Path.Combine(built, "Wetware.Core.dll")}" />
                <Reference Include="{Path.Combine(built, "Wetware.Capnp.dll")}" />
              </ItemGroup>
              <Import Project="{Path.Combine(Conformance.Root, "Generator", "build", "Wetware.Rpc.targets")}" />
            </Project>
            """);
    }

    private (int Code, string Output) Build(string path)
    {
        var start = new ProcessStartInfo(Path.Combine(DotnetFolder, "dotnet"),
            ["build", "-nologo", "-v", "q", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = path;

        // What the test runner was started with is not the build's business.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
