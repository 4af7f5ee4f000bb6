namespace Wetware.Cli;

/// <summary>What is piped into the command.</summary>
internal static class StandardInput
{
    /// <summary>All of it, up to its end.</summary>
    public static async Task<byte[]> ReadAllAsync(CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        await Console.OpenStandardInput().CopyToAsync(all, cancellation).ConfigureAwait(false);
        return all.ToArray();
    }
}
