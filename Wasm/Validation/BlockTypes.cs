using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Validation;

/// <summary>Turns the type immediate of a block into a function type.</summary>
internal static class BlockTypes
{
    private static readonly FunctionType Empty = new([], []);
    private static readonly FunctionType[] OneResult = MakeOneResult();

    /// <summary>The type, or null where the immediate names a type that the module does not have.</summary>
    public static FunctionType? Of(ModuleDefinition module, long immediate) => immediate switch
    {
        -0x40 => Empty,
        < 0 => OneResult[(int)-immediate],
        _ => immediate < module.Types.Count ? module.Types[(int)immediate] : null,
    };

    private static FunctionType[] MakeOneResult()
    {
        var types = new FunctionType[0x80];
        foreach (var type in Enum.GetValues<ValType>())
        {
            types[(int)type] = new FunctionType([], [type]);
        }

        return types;
    }
}
