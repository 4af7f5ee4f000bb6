using Wetware.Core;

namespace Wetware.Rpc;

/// <summary>
/// Which capability inside a call's results is meant: the pointer fields to follow from the root, one after another.
/// Immutable; short paths are interned, so that pipelining on the same field allocates nothing the second time.
/// </summary>
public sealed class PipelinePath
{
    private readonly PipelinePath?[] _children = new PipelinePath?[Limits.PipelineFieldsInterned];

    private PipelinePath(PipelinePath? parent, ushort field)
    {
        Parent = parent;
        PointerField = field;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    /// <summary>The root of the results itself.</summary>
    public static PipelinePath Root { get; } = new(null, 0);

    /// <summary>The path without its last step; null for <see cref="Root"/>.</summary>
    public PipelinePath? Parent { get; }

    /// <summary>The index of the pointer that the last step follows.</summary>
    public ushort PointerField { get; }

    /// <summary>How many steps there are. Invariant: at most <see cref="Limits.PipelineDepthMax"/>.</summary>
    public int Depth { get; }

    /// <summary>This path and one pointer field more.</summary>
    /// <param name="pointerField">The index in the struct's pointer section.</param>
    public PipelinePath Field(ushort pointerField)
    {
        Invariant.Check(Depth < Limits.PipelineDepthMax);
        // Only a path a generated accessor asks for is interned deeper than one step; a peer's own deep paths are not
        // (see Vat), so no stranger can grow this tree beyond PipelineFieldsInterned entries.
        if (pointerField >= Limits.PipelineFieldsInterned)
        {
            return new PipelinePath(this, pointerField);
        }

        return Volatile.Read(ref _children[pointerField]) ?? Intern(pointerField);
    }

    /// <summary>Writes the steps in order.</summary>
    /// <param name="fields">At least <see cref="Depth"/> long.</param>
    public void CopyTo(Span<ushort> fields)
    {
        for (var path = this; path.Parent is not null; path = path.Parent)
        {
            fields[path.Depth - 1] = path.PointerField;
        }
    }

    internal static PipelinePath FromPeer(ReadOnlySpan<ushort> fields)
    {
        var path = Root;
        for (var i = 0; i < fields.Length; i++)
        {
            path = i == 0 ? path.Field(fields[i]) : new PipelinePath(path, fields[i]);
        }

        return path;
    }

    internal bool Matches(PipelinePath other)
    {
        var mine = this;
        while (!ReferenceEquals(mine, other))
        {
            if (mine.Depth != other.Depth || mine.PointerField != other.PointerField || mine.Parent is null)
            {
                return false;
            }

            mine = mine.Parent;
            other = other.Parent!;
        }

        return true;
    }

    private PipelinePath Intern(ushort pointerField)
    {
        var made = new PipelinePath(this, pointerField);
        return Interlocked.CompareExchange(ref _children[pointerField], made, null) ?? made;
    }
}
