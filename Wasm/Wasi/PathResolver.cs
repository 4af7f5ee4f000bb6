using System.Runtime.InteropServices;

namespace Wetware.Wasm.Wasi;

/// <summary>
/// Resolves a guest's path below a folder, component by component, following links itself: neither "..", an absolute path nor a link can
/// name something outside. A host that moves links about in the folder at the very moment can still mislead it.
/// </summary>
internal static class PathResolver
{
    private const int LinksMax = 40;
    private const int ComponentsMax = 1024;

    /// <param name="folder">Where the path starts.</param>
    /// <param name="path">What the guest asked for.</param>
    /// <param name="followLast">Whether a link at the very end is followed.</param>
    /// <param name="inside">The components below the folder's root.</param>
    public static Errno Resolve(DirectoryDescriptor folder, string path, bool followLast, out List<string> inside)
    {
        inside = [.. folder.Inside];
        if (path.Length == 0)
        {
            return Errno.NoEnt;
        }

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return Errno.IlSeq;
        }

        if (folder.IsReplaced)
        {
            return Errno.NoEnt;
        }

        var waiting = new Stack<string>();
        if (!Expand(path, waiting))
        {
            return Errno.NotCapable;
        }

        // A folder opened inside a preopened one is a root of its own: what was granted is what lies below it.
        var floor = folder.Inside.Length;
        for (var links = 0; waiting.TryPop(out var component);)
        {
            if (component == "..")
            {
                if (inside.Count == floor)
                {
                    return Errno.NotCapable;
                }

                inside.RemoveAt(inside.Count - 1);
                continue;
            }

            inside.Add(component);
            if ((waiting.Count == 0 && !followLast) || LinkTarget(folder.Root, CollectionsMarshal.AsSpan(inside)) is not { } target)
            {
                continue;
            }

            inside.RemoveAt(inside.Count - 1);
            if (++links > LinksMax || waiting.Count > ComponentsMax)
            {
                return Errno.Loop;
            }

            if (!Expand(target, waiting))
            {
                return Errno.NotCapable;
            }
        }

        return Errno.Success;
    }

    public static string HostPath(DirectoryDescriptor folder, List<string> inside) => Path.Combine([folder.Root, .. inside]);

    /// <summary>Puts a path's components on the stack, first on top; false for an absolute path.</summary>
    private static bool Expand(string path, Stack<string> waiting)
    {
        if (path[0] == '/' || Path.IsPathRooted(path))
        {
            return false;
        }

        var components = path.Split('/');
        for (var i = components.Length - 1; i >= 0; i--)
        {
            // On Windows a backslash or a colon would make one component several, or another stream.
            if (OperatingSystem.IsWindows() && components[i].AsSpan().IndexOfAny('\\', ':') >= 0)
            {
                return false;
            }

            if (components[i] is not ("" or "."))
            {
                waiting.Push(components[i]);
            }
        }

        return true;
    }

    /// <summary>Where the link at that place leads; null where there is none.</summary>
    public static string? LinkTarget(string root, ReadOnlySpan<string> inside)
    {
        var target = new FileInfo(Path.Combine([root, .. inside])).LinkTarget;
        return string.IsNullOrEmpty(target) ? null : target;
    }
}
