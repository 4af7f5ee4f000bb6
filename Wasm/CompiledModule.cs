using Wetware.Wasm.Binary;
using Wetware.Wasm.Compile;
using Wetware.Wasm.Runtime;
using Wetware.Wasm.Validation;

namespace Wetware.Wasm;

/// <summary>
/// A module whose code is emitted: one copy for all its instances. Immutable, and usable from all threads. The code is unloaded some
/// time after nothing refers to the module or an instance of it any more.
/// </summary>
public sealed class CompiledModule
{
    private readonly ModuleCode _code;
    private readonly Lazy<MemoryImage?> _image;

    private CompiledModule(ModuleDefinition definition, ModuleCode code, CompileOptions options)
    {
        Definition = definition;
        _code = code;
        Options = options;
        _image = new Lazy<MemoryImage?>(() => MemoryImage.Of(definition));
        GuestTrace.Register(code.Type, this);
    }

    /// <summary>How it was compiled.</summary>
    public CompileOptions Options { get; }

    /// <summary>The imports that an instance needs, in order: module, name, kind.</summary>
    public IEnumerable<(string Module, string Name, ExternKind Kind)> Imports =>
        Definition.Imports.Select(static import => (import.Module, import.Name, import.Kind));

    /// <summary>What an instance offers, in order.</summary>
    public IEnumerable<(string Name, ExternKind Kind)> Exports => Definition.Exports.Select(static export => (export.Name, export.Kind));

    /// <summary>Functions that are too large for the JIT to optimise: they run, but several times slower.</summary>
    public IReadOnlyList<string> UnoptimisedFunctions => _code.Unoptimised.ConvertAll(NameOf);

    /// <summary>Bytes that the module is estimated to hold while loaded: its own, and its code's.</summary>
    public long SizeBytes { get; private init; }

    internal ModuleDefinition Definition { get; }

    internal ModuleCode Code => _code;

    /// <summary>What instances map as the start of their memory; made for the first of them.</summary>
    internal MemoryImage? Image => _image.Value;

    /// <summary>Decodes, validates and compiles a module.</summary>
    /// <param name="bytes">The module; must not change as long as the result lives.</param>
    /// <param name="options">How to compile.</param>
    /// <exception cref="ModuleException">The module is refused.</exception>
    public static CompiledModule Compile(ReadOnlyMemory<byte> bytes, CompileOptions? options = null)
    {
        options ??= CompileOptions.Default;
        options.Limits.Validate();
        var deadline = new Deadline(options.Limits.CompileTimeMax);
        var definition = ModuleDecoder.Decode(bytes, options.Limits);
        ModuleValidator.Validate(definition, options.Limits, deadline);
        var code = ModuleCompiler.Compile(definition, options, deadline);

        // Machine code is about four times the size of WebAssembly's, and the emitter's metadata about as large again.
        return new CompiledModule(definition, code, options) { SizeBytes = (bytes.Length * 9L) + (definition.Functions.Count * 1024L) };
    }

    /// <summary>Decodes and validates a module without compiling it.</summary>
    /// <exception cref="ModuleException">The module is refused.</exception>
    public static void Validate(ReadOnlyMemory<byte> bytes, ModuleLimits? limits = null)
    {
        limits ??= ModuleLimits.Default;
        limits.Validate();
        ModuleValidator.Validate(ModuleDecoder.Decode(bytes, limits), limits, new Deadline(limits.CompileTimeMax));
    }

    internal string NameOf(int function) => Definition.NameOf(function);

    internal int OffsetOf(int function) =>
        function >= Definition.ImportedFunctions ? Definition.Bodies[function - Definition.ImportedFunctions].Offset : 0;
}
