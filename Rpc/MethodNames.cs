using System.Collections.Frozen;
using System.Reflection;

namespace Wetware.Rpc;

/// <summary>
/// The names of methods by interface id and ordinal, from the <see cref="RpcInterfaceAttribute"/>s of the loaded assemblies. They are read
/// when the first name is asked for, and again only when an unknown one is asked for after another assembly was loaded, so a peer that
/// makes up ids causes no work.
/// </summary>
internal static class MethodNames
{
    private static readonly Lock s_gate = new();
    private static FrozenDictionary<ulong, string[]> s_known = FrozenDictionary<ulong, string[]>.Empty;
    private static int s_isStale = 1;

    static MethodNames() => AppDomain.CurrentDomain.AssemblyLoad += static (_, _) => Volatile.Write(ref s_isStale, 1);

    /// <summary>The name as <c>Interface/method</c>; null if no loaded assembly knows it.</summary>
    public static string? Find(ulong interfaceId, ushort methodId)
    {
        var methods = Of(interfaceId);
        return methodId < methods.Length ? methods[methodId] : null;
    }

    private static string[] Of(ulong interfaceId)
    {
        if (Volatile.Read(ref s_known).TryGetValue(interfaceId, out var methods))
        {
            return methods;
        }

        if (Volatile.Read(ref s_isStale) == 0)
        {
            return [];
        }

        lock (s_gate)
        {
            // Cleared before the look around: an assembly that comes meanwhile sets it again.
            if (Interlocked.Exchange(ref s_isStale, 0) != 0)
            {
                Volatile.Write(ref s_known, Read());
            }
        }

        return Volatile.Read(ref s_known).TryGetValue(interfaceId, out methods) ? methods : [];
    }

    private static FrozenDictionary<ulong, string[]> Read()
    {
        var found = new Dictionary<ulong, string[]>();
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (assembly.IsDynamic)
            {
                continue;
            }

            foreach (var known in assembly.GetCustomAttributes<RpcInterfaceAttribute>())
            {
                found.TryAdd(known.Id, [.. known.Methods.Select(method => known.Name + "/" + method)]);
            }
        }

        return found.ToFrozenDictionary();
    }
}
