using System.IO.Compression;
using Wetware.Fuzz.Wasm;

namespace Wetware.Wasm.Tests;

/// <summary>Modules that tests run: small ones written byte by byte, and programs compiled by clang.</summary>
internal static class Guests
{
    public static byte[] Program(string name)
    {
        var assembly = typeof(Guests).Assembly;
        using var stream = assembly.GetManifestResourceStream(name + ".wasm")
            ?? new BrotliStream(assembly.GetManifestResourceStream(name + ".wasm.br")!, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Writes a large program as <see cref="Program"/> reads it.</summary>
    public static void Compress(byte[] program, string path)
    {
        var bytes = new byte[BrotliEncoder.GetMaxCompressedLength(program.Length)];
        Assert.True(BrotliEncoder.TryCompress(program, bytes, out var length, quality: 11, window: 24));
        File.WriteAllBytes(path, bytes[..length]);
    }

    /// <summary>Exports: spin() loops forever; recurse(n) calls itself n deep; oob(a) loads at a; trap() is unreachable; div(a, b).</summary>
    public static byte[] Misbehaving()
    {
        var module = new ModuleWriter();
        var unit = module.Type([], []);
        var unary = module.Type([ModuleWriter.I32], [ModuleWriter.I32]);
        var binary = module.Type([ModuleWriter.I32, ModuleWriter.I32], [ModuleWriter.I32]);
        module.Memory(1, 4);
        module.Table(2);
        module.Function(unit, [], [0x03, 0x40, 0x0c, 0, 0x0b], "spin");
        // local.get 0; if (result i32) local.get 0; 1; sub; call self; 1; add else 0 end
        module.Function(unary, [], [0x20, 0, 0x04, 0x7f, 0x20, 0, 0x41, 1, 0x6b, 0x10, 1, 0x41, 1, 0x6a, 0x05, 0x41, 0, 0x0b], "recurse");
        module.Function(unary, [], [0x20, 0, 0x28, 2, 0], "oob");
        module.Function(unit, [], [0x00], "trap");
        module.Function(binary, [], [0x20, 0, 0x20, 1, 0x6d], "div");
        module.Function(unary, [], [0x20, 0, 0x40, 0], "grow");
        module.Function(unary, [], [0x20, 0, 0x20, 0, 0x11, 1, 0], "indirect");
        module.Elements(0, 2);
        return module.ToArray();
    }

    public static Instance Instantiate(byte[] bytes, StoreOptions? options = null, Imports? imports = null, CompileOptions? compile = null) =>
        Instance.Create(new Store(options), CompiledModule.Compile(bytes, compile), imports ?? new Imports());

    public static TrapKind TrapOf(Action run) => Assert.Throws<TrapException>(run).Kind;
}
