namespace Wetware.Wasm.Wasi;

/// <summary>A folder: a preopened one, or one opened inside it. Paths given with it are resolved below it and never outside its root.</summary>
/// <param name="root">The preopened folder on this machine, without links.</param>
/// <param name="inside">The path from there to this folder, component by component.</param>
/// <param name="writable">Whether the guest may change what is in it.</param>
/// <param name="guestName">What the guest calls it when it is preopened; else null.</param>
internal sealed class DirectoryDescriptor(string root, string[] inside, bool writable, string? guestName) : Descriptor
{
    public override FileType Type => FileType.Directory;

    public string Root { get; } = root;

    public string[] Inside { get; } = inside;

    public bool Writable { get; } = writable;

    public string? GuestName { get; } = guestName;

    /// <summary>
    /// Whether a component of the path is a link by now. None was when the folder was opened; a guest that has moved the folder and put a
    /// link in its place would be led outside by it.
    /// </summary>
    public bool IsReplaced
    {
        get
        {
            for (var i = 1; i <= Inside.Length; i++)
            {
                if (PathResolver.LinkTarget(Root, Inside.AsSpan(0, i)) is not null)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public string HostPath => Path.Combine([Root, .. Inside]);
}
