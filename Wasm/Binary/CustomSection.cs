using Wetware.Core;

namespace Wetware.Wasm.Binary;

/// <summary>The "name" section's function names, for traces. It cannot make a module malformed: where it breaks off, the names before that are kept.</summary>
internal static class CustomSection
{
    private const int FunctionNames = 1;

    // A name in a trace is for people; a hostile one is cut so that messages stay small.
    private const int NameCharsMax = 200;

    public static void Read(ModuleDefinition module, string name, ByteReader section)
    {
        if (name != "name")
        {
            return;
        }

        try
        {
            while (!section.AtEnd)
            {
                var id = section.U8();
                var part = section.Sub(section.U32());
                if (id == FunctionNames)
                {
                    Functions(module, ref part);
                }
            }
        }
        catch (ModuleException broken)
        {
            // The specification asks that a malformed custom section be ignored.
            Invariant.Check(broken.Fault != ModuleFault.Invalid);
        }
    }

    private static void Functions(ModuleDefinition module, ref ByteReader part)
    {
        var count = part.Count(int.MaxValue, "names");
        for (var i = 0; i < count; i++)
        {
            var index = part.U32();
            var name = part.Name();
            module.FunctionNames[index] = name.Length > NameCharsMax ? name[..NameCharsMax] : name;
        }
    }
}
