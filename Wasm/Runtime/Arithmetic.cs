using System.Numerics;
using System.Runtime.CompilerServices;

namespace Wetware.Wasm.Runtime;

/// <summary>Integer division, with WebAssembly's traps instead of the processor's, and other operations that IL has no instruction for.</summary>
internal static class Arithmetic
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DivS(int a, int b, InstanceContext context, int function, int offset)
    {
        if (b == 0)
        {
            Trap.Throw(TrapKind.IntegerDivideByZero, context, function, offset);
        }

        if (b == -1 && a == int.MinValue)
        {
            Trap.Throw(TrapKind.IntegerOverflow, context, function, offset);
        }

        return a / b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint DivU(uint a, uint b, InstanceContext context, int function, int offset)
    {
        if (b == 0)
        {
            Trap.Throw(TrapKind.IntegerDivideByZero, context, function, offset);
        }

        return a / b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RemS(int a, int b, InstanceContext context, int function, int offset)
    {
        if (b == 0)
        {
            Trap.Throw(TrapKind.IntegerDivideByZero, context, function, offset);
        }

        return b == -1 ? 0 : a % b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RemU(uint a, uint b, InstanceContext context, int function, int offset)
    {
        if (b == 0)
        {
            Trap.Throw(TrapKind.IntegerDivideByZero, context, function, offset);
        }

        return a % b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long DivS(long a, long b, InstanceContext context, int function, int offset)
    {
        if (b == 0)
        {
            Trap.Throw(TrapKind.IntegerDivideByZero, context, function, offset);
        }

        if (b == -1 && a == long.MinValue)
        {
            Trap.Throw(TrapKind.IntegerOverflow, context, function, offset);
        }

        return a / b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong DivU(ulong a, ulong b, InstanceContext context, int function, int offset)
    {
        if (b == 0)
        {
            Trap.Throw(TrapKind.IntegerDivideByZero, context, function, offset);
        }

        return a / b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long RemS(long a, long b, InstanceContext context, int function, int offset)
    {
        if (b == 0)
        {
            Trap.Throw(TrapKind.IntegerDivideByZero, context, function, offset);
        }

        return b == -1 ? 0 : a % b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RemU(ulong a, ulong b, InstanceContext context, int function, int offset)
    {
        if (b == 0)
        {
            Trap.Throw(TrapKind.IntegerDivideByZero, context, function, offset);
        }

        return a % b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RotateLeft(int a, int count) => (int)BitOperations.RotateLeft((uint)a, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RotateRight(int a, int count) => (int)BitOperations.RotateRight((uint)a, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long RotateLeft(long a, long count) => (long)BitOperations.RotateLeft((ulong)a, (int)count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long RotateRight(long a, long count) => (long)BitOperations.RotateRight((ulong)a, (int)count);

    /// <summary>
    /// Select without a branch: compilers use select where a branch would be mispredicted, and the JIT makes no conditional moves in loops. Of
    /// the forms without one this has the shortest way from each operand to the result: two operations.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Select(int first, int second, int condition)
    {
        var mask = -(condition != 0 ? 1 : 0);
        return (first & mask) | (second & ~mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Select(long first, long second, int condition)
    {
        var mask = -(condition != 0 ? 1L : 0L);
        return (first & mask) | (second & ~mask);
    }

    /// <summary>The select of <c>value == 0</c>: where the value is one bit, it is the condition itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SelectIfZero(int first, int second, int value) => Select(second, first, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SelectIfZero(int first, int second, long value) => Select(second, first, value != 0 ? 1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long SelectIfZero(long first, long second, int value) => Select(second, first, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long SelectIfZero(long first, long second, long value)
    {
        var mask = -(value != 0 ? 1L : 0L);
        return (second & mask) | (first & ~mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SelectAny<T>(T first, T second, int condition) => condition != 0 ? first : second;

    /// <summary>Pays for <paramref name="cost"/> instructions before they run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Burn(InstanceContext context, long cost, int function, int offset)
    {
        var fuel = context.Fuel;
        if ((fuel.Left -= cost) < 0)
        {
            fuel.Left = 0;
            Trap.Throw(TrapKind.FuelExhausted, context, function, offset);
        }
    }

    /// <summary>The callee of an indirect call, after the three checks that the specification asks for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FuncRef Callee(object?[] elements, int index, long key, InstanceContext context, int function, int offset)
    {
        if ((uint)index >= (uint)elements.Length)
        {
            Trap.Throw(TrapKind.UndefinedElement, context, function, offset);
        }

        var callee = Unsafe.As<FuncRef>(elements[index]);
        if (callee is null)
        {
            Trap.Throw(TrapKind.UninitializedElement, context, function, offset);
        }

        if (callee.Key != key)
        {
            Trap.Throw(TrapKind.IndirectCallTypeMismatch, context, function, offset);
        }

        return callee;
    }

    /// <summary>As <see cref="Callee"/>, for types too long for a key.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static FuncRef LongCallee(object?[] elements, int index, int type, InstanceContext context, int function, int offset)
    {
        var callee = Callee(elements, index, -1, context, function, offset);
        if (!callee.Type.Equals(context.Instance!.Module.Definition.Types[type]))
        {
            Trap.Throw(TrapKind.IndirectCallTypeMismatch, context, function, offset);
        }

        return callee;
    }
}
