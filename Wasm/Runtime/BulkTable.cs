namespace Wetware.Wasm.Runtime;

/// <summary>table.* instructions and references to functions.</summary>
internal static class BulkTable
{
    public static object? Get(int index, int table, InstanceContext context, int function, int offset)
    {
        var elements = context.Tables[table].Elements;
        if ((uint)index >= (uint)elements.Length)
        {
            Trap.Throw(TrapKind.TableOutOfBounds, context, function, offset);
        }

        return elements[index];
    }

    public static void Set(int index, object? value, int table, InstanceContext context, int function, int offset)
    {
        var elements = context.Tables[table].Elements;
        if ((uint)index >= (uint)elements.Length)
        {
            Trap.Throw(TrapKind.TableOutOfBounds, context, function, offset);
        }

        elements[index] = value;
    }

    public static int Size(int table, InstanceContext context) => context.Tables[table].Elements.Length;

    public static int Grow(object? initial, uint delta, int table, InstanceContext context) => context.Tables[table].Grow(initial, delta);

    public static void Fill(uint start, object? value, uint count, int table, InstanceContext context, int function, int offset) =>
        Range(context.Tables[table].Elements, start, count, context, function, offset).Fill(value);

    public static void Copy(uint to, uint from, uint count, int target, int source, InstanceContext context, int function, int offset)
    {
        var destination = Range(context.Tables[target].Elements, to, count, context, function, offset);
        Range(context.Tables[source].Elements, from, count, context, function, offset).CopyTo(destination);
    }

    public static void Init(uint to, uint from, uint count, int segment, int table, InstanceContext context, int function, int offset)
    {
        var destination = Range(context.Tables[table].Elements, to, count, context, function, offset);
        Range(context.Instance!.ElementSegment(segment), from, count, context, function, offset).CopyTo(destination);
    }

    public static void Drop(int segment, InstanceContext context) => context.Instance!.DropElements(segment);

    public static FuncRef Function(int function, InstanceContext context) => context.Instance!.Function(function);

    /// <summary>The elements from <paramref name="start"/> on; traps where they are not all in the table.</summary>
    public static Span<object?> Range(object?[] elements, uint start, uint count, InstanceContext context, int function, int offset)
    {
        if ((ulong)start + count > (ulong)elements.Length)
        {
            Trap.Throw(TrapKind.TableOutOfBounds, context, function, offset);
        }

        return elements.AsSpan((int)start, (int)count);
    }
}
