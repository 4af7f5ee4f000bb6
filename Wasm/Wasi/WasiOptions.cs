using System.Security.Cryptography;
using Wetware.Core;

namespace Wetware.Wasm.Wasi;

/// <summary>What a guest is given. Nothing that is not named here can be reached.</summary>
public sealed record WasiOptions
{
    /// <summary>Descriptors that a guest may have open.</summary>
    public int DescriptorsMax { get; init; } = 256;

    /// <summary>The arguments; the first is the program's name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = ["guest"];

    /// <summary>The environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The folders, which get descriptors from 3 on.</summary>
    public IReadOnlyList<Preopen> Preopens { get; init; } = [];

    /// <summary>Standard input; at its end from the start where none is given. Read on the guest's thread.</summary>
    public Stream Input { get; init; } = Stream.Null;

    /// <summary>Standard output. Written on the guest's thread.</summary>
    public Stream Output { get; init; } = Stream.Null;

    /// <summary>Standard error. Written on the guest's thread.</summary>
    public Stream Error { get; init; } = Stream.Null;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Fills a buffer with random bytes.</summary>
    public Action<byte[]> Random { get; init; } = static buffer => RandomNumberGenerator.Fill(buffer);

    /// <summary>The socket of module "ww"; null where the guest gets none.</summary>
    public IGuestSocket? Socket { get; init; }

    internal void Validate()
    {
        Invariant.Check(DescriptorsMax >= WasiProcess.FirstPreopen + Preopens.Count);
        foreach (var text in Arguments)
        {
            Invariant.Check(!text.Contains('\0', StringComparison.Ordinal));
        }
    }
}
