using Wetware.Generator;
using Wetware.Generator.Emit;
using Wetware.Generator.Request;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

if (args is ["--version"])
{
    Console.WriteLine("capnpc-csharp " + typeof(Options).Assembly.GetName().Version!.ToString(3));
    return 0;
}

try
{
    if (args is ["manifest", ..])
    {
        return ManifestCommand.Run(args.AsSpan(1));
    }

    var options = CommandLine.Parse(args);
    byte[] request;
    if (options.RunCapnp)
    {
        request = CapnpProcess.Compile(options.CapnpArguments, options.Schemas);
    }
    else
    {
        using var input = Console.OpenStandardInput();
        using var buffer = new MemoryStream();
        await input.CopyToAsync(buffer).ConfigureAwait(false);
        request = buffer.ToArray();
    }

    foreach (var file in CodeGenerator.Generate(request, options))
    {
        var path = Path.Combine(options.Output, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await File.WriteAllTextAsync(path, file.Text).ConfigureAwait(false);
    }

    return 0;
}
catch (UsageException fault)
{
    await Console.Error.WriteLineAsync($"capnpc-csharp : error CAPNP0002: {fault.Message}; see capnpc-csharp --help").ConfigureAwait(false);
    return 2;
}
catch (Exception fault) when (fault is RequestException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"capnpc-csharp : error CAPNP0001: {fault.Message}").ConfigureAwait(false);
    return 1;
}
