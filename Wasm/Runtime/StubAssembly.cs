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

    /// <summary>A new dynamic module that may use this assembly's internals.</summary>
    public static ModuleBuilder NewModule(string name, AssemblyBuilderAccess access)
    {
        var constructor = typeof(IgnoresAccessChecksToAttribute).GetConstructors()[0];
        var grant = new CustomAttributeBuilder(constructor, [typeof(StubAssembly).Assembly.GetName().Name]);
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(name), access, [grant]);
        return assembly.DefineDynamicModule(name);
    }

    public static MethodInfo Emit(string purpose, Type result, Type[] parameters, Action<ILGenerator> body)
    {
        lock (Lock)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{purpose}{_count++}");
            var type = Module.DefineType(name, TypeAttributes.Sealed | TypeAttributes.Abstract);
            var method = type.DefineMethod(purpose, MethodAttributes.Static | MethodAttributes.Public, result, parameters);
            method.SetImplementationFlags(MethodImplAttributes.AggressiveOptimization);
            body(method.GetILGenerator());
            return type.CreateType().GetMethod(purpose)!;
        }
    }
}
