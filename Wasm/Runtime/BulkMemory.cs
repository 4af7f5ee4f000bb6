namespace Wetware.Wasm.Runtime;

/// <summary>memory.* instructions. Long copies go in pieces, so that an interrupted guest stops soon.</summary>
internal static unsafe class BulkMemory
{
    // At 5 GB/s a piece takes 1 ms, well below the 10 ms that stopping a guest may take.
    private const uint PieceBytes = 4 << 20;

    public static int Size(InstanceContext context) => (int)context.Memory!.Pages;

    public static int Grow(uint delta, InstanceContext context) => context.Memory!.Grow(delta);

    public static void Init(uint to, uint from, uint count, int segment, InstanceContext context, int function, int offset)
    {
        var source = context.Instance!.DataSegment(segment).Span;
        if ((ulong)from + count > (ulong)source.Length || !context.Memory!.TrySpan(to, count, out var target))
        {
            Trap.Throw(TrapKind.MemoryOutOfBounds, context, function, offset);
            return;
        }

        source.Slice((int)from, (int)count).CopyTo(target);
    }

    public static void Drop(int segment, InstanceContext context) => context.Instance!.DropData(segment);

    public static void Fill(uint to, int value, uint count, InstanceContext context, int function, int offset)
    {
        Check(to, count, context, function, offset);
        var at = context.MemoryBase + to;
        while (count > PieceBytes)
        {
            new Span<byte>(at, (int)PieceBytes).Fill((byte)value);
            at += PieceBytes;
            count -= PieceBytes;
            Pause(context, function, offset);
        }

        new Span<byte>(at, (int)count).Fill((byte)value);
    }

    public static void Copy(uint to, uint from, uint count, InstanceContext context, int function, int offset)
    {
        Check(to, count, context, function, offset);
        Check(from, count, context, function, offset);
        var target = context.MemoryBase + to;
        var source = context.MemoryBase + from;
        if (to <= from)
        {
            for (; count > PieceBytes; count -= PieceBytes, target += PieceBytes, source += PieceBytes)
            {
                Buffer.MemoryCopy(source, target, PieceBytes, PieceBytes);
                Pause(context, function, offset);
            }
        }
        else
        {
            // The target lies above the source: from the top down, no byte is overwritten before it is read.
            for (; count > PieceBytes; count -= PieceBytes)
            {
                Buffer.MemoryCopy(source + count - PieceBytes, target + count - PieceBytes, PieceBytes, PieceBytes);
                Pause(context, function, offset);
            }
        }

        Buffer.MemoryCopy(source, target, count, count);
    }

    private static void Check(uint start, uint count, InstanceContext context, int function, int offset)
    {
        if ((ulong)start + count > (ulong)context.Memory!.Length)
        {
            Trap.Throw(TrapKind.MemoryOutOfBounds, context, function, offset);
        }
    }

    private static void Pause(InstanceContext context, int function, int offset)
    {
        if (Volatile.Read(ref context.Interrupt) != 0)
        {
            throw Trap.Stopped(context, function, offset);
        }
    }
}
