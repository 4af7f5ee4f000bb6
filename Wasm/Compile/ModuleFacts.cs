using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Compile;

/// <summary>What is known of a whole module before its functions are compiled.</summary>
internal sealed class ModuleFacts
{
    public ModuleFacts(ModuleDefinition module)
    {
        MemoryBytesMin = module.Memories.Count > 0 ? (ulong)module.Memories[0].Minimum * Memory.PageBytes : 0;
        var memory = module.Memories.Count > 0 ? module.Memories[0] : default;
        MemoryMayGrow = memory.Maximum != memory.Minimum;
    }

    /// <summary>The memory is never smaller: an access at a constant address below this needs no check.</summary>
    public ulong MemoryBytesMin { get; }

    /// <summary>Whether a call may return with a larger memory.</summary>
    public bool MemoryMayGrow { get; }
}
