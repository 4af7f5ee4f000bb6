namespace Wetware.Host.Services.Anchors;

/// <summary>One register of a tree. Guarded by the lock of its <see cref="AnchorTree"/>.</summary>
internal sealed class AnchorNode(string name, AnchorNode? parent)
{
    public string Name { get; } = name;

    public AnchorNode? Parent { get; } = parent;

    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    public SortedDictionary<string, AnchorNode> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>References that others hold.</summary>
    public int Holders { get; set; }

    public Register Value { get; set; }

    /// <summary>The number of the change that made the value; 0 if nothing was ever stored.</summary>
    public ulong Version { get; set; }

    /// <summary>Whether nothing would be lost with it.</summary>
    public bool IsIdle => Holders == 0 && Children.Count == 0 && Value.IsNull && Parent is not null;
}
