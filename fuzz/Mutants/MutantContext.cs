using System.Reflection;
using System.Runtime.Loader;

namespace Wetware.Fuzz.Mutants;

/// <summary>A second copy of the simulator and of all it is made of, with one assembly exchanged.</summary>
internal sealed class MutantContext(string mutated, byte[] image) : AssemblyLoadContext
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == mutated)
        {
            return LoadFromStream(new MemoryStream(image));
        }

        var path = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
        return assemblyName.Name!.StartsWith("Wetware.", StringComparison.Ordinal) && File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
