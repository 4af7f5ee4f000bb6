using System.Reflection.Emit;
using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Compile;

/// <summary>Compiles functions one after another: reads their instructions and hands each to the emitter of its kind. Code that cannot be reached is skipped.</summary>
internal sealed class FunctionCompiler(ModuleDefinition module, CompileOptions options, MethodBuilder[] methods)
{
    // RyuJIT compiles a method beyond one of these without optimisation (its DEFAULT_MIN_OPTS limits for code size and block count).
    private const int OptimisedIlBytesMax = 60_000;

    // Beyond this many, code that zeroes locals one by one would be much of the function's.
    private const int ZeroedLocalsMax = 100;

    private readonly ModuleFacts _facts = new(module);

    /// <summary>Emits the body; false when it is too large for the JIT to optimise.</summary>
    public bool Compile(int body, MethodBuilder method)
    {
        var il = method.GetILGenerator();
        var definition = module.Bodies[body];
        var index = module.ImportedFunctions + body;
        var type = module.TypeOf((uint)index);
        var frame = new FunctionFrame(il, type, definition.Locals);
        var facts = FunctionFacts.Of(definition, options);
        var emitter = new FunctionEmitter(module, _facts, facts, methods, frame, index, type);
        method.InitLocals = definition.Locals.Length > ZeroedLocalsMax;
        if (!method.InitLocals)
        {
            frame.ZeroLocals();
        }

        emitter.Begin(definition.Offset);
        var reader = new InstructionReader(new ByteReader(definition.Code.Span, definition.Offset), options.Limits);
        while (!reader.AtEnd)
        {
            emitter.Step(reader.Next());
        }

        emitter.Finish(definition.Offset);
        return il.ILOffset <= OptimisedIlBytesMax;
    }
}
