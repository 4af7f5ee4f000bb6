using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Wetware.Wasm.Runtime;

/// <summary>The assembly of the stubs between host and guests. It holds one stub for each delegate type of the host program, so it need not be collectible.</summary>
internal static class StubAssembly
{
    private static readonly Lock Lock = new();
    private static readonly ModuleBuilder Module = NewModule("Wetware.Wasm.Stubs", AssemblyBuilderAccess.Run);
    private static int _count;

    /// <summary>A new dynamic module that may use the internals of this assembly, and of others.</summary>
    public static ModuleBuilder NewModule(string name, AssemblyBuilderAccess access, params Assembly[] others)
    {
        var constructor = typeof(IgnoresAccessChecksToAttribute).GetConstructors()[0];
        var grants = others.Append(typeof(StubAssembly).Assembly).Select(used => new CustomAttributeBuilder(constructor, [used.GetName().Name]));
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(name), access, grants);
        return assembly.DefineDynamicModule(name);
    }

    /// <summary>Emits the stub of a delegate type, which may be one that only its own assembly sees.</summary>
    public static MethodInfo Emit(string purpose, Type delegateType, Type result, Type[] parameters, Action<ILGenerator> body)
    {
        var module = delegateType.IsVisible ? Module : NewModule("Wetware.Wasm.Stubs", AssemblyBuilderAccess.Run, delegateType.Assembly);
        lock (Lock)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{purpose}{_count++}");
            var type = module.DefineType(name, TypeAttributes.Sealed | TypeAttributes.Abstract);
            var method = type.DefineMethod(purpose, MethodAttributes.Static | MethodAttributes.Public, result, parameters);
            method.SetImplementationFlags(MethodImplAttributes.AggressiveOptimization);
            body(method.GetILGenerator());
            return type.CreateType().GetMethod(purpose)!;
        }
    }
}
