namespace Wetware.Wasm.Runtime;

/// <summary>
/// The first argument of all emitted code: what a function of an instance reaches without a call. Emitted code reads the public fields
/// by name; they are written by the thread that runs the store, except <see cref="Interrupt"/> and <see cref="StackLimit"/>.
/// </summary>
internal unsafe class InstanceContext
{
    /// <summary>Where memory 0 begins.</summary>
    public byte* MemoryBase;

    /// <summary>The complement of memory 0's size. Invariant: adding the end of an access carries out of 64 bits exactly when the access is out of bounds.</summary>
    public ulong MemoryBias = ulong.MaxValue;

    /// <summary>No frame may begin below this address; raised to the top of the address space to stop the guest at its next call.</summary>
    public nuint StackLimit = nuint.MaxValue;

    /// <summary>Not 0 when the guest shall stop at its next loop iteration or call.</summary>
    public int Interrupt;

    /// <summary>Slots of 16 bytes, one for each global that the module defines and that holds no reference.</summary>
    public byte* Globals;

    /// <summary>The slots of all globals, imported ones included, by index.</summary>
    public byte** GlobalSlots;

    /// <summary>Where results after the first travel; shared by all instances of a store.</summary>
    public byte* Results;

    /// <summary>As <see cref="Results"/>, for references.</summary>
    public object?[] ReferenceResults = [];

    /// <summary>Globals that hold references, by index; null for others.</summary>
    public Global[] ReferenceGlobals = [];

    /// <summary>The imported functions.</summary>
    public FuncRef[] Imports = [];

    /// <summary>All tables; the first is also in <see cref="Table0"/>.</summary>
    public Table[] Tables = [];

    public Table? Table0;

    public Fuel Fuel = Fuel.Unlimited;

    // Constants that the JIT must not see: it would drop an addition of zero, or a multiplication by one, which are not neutral to a signalling NaN.
    public float SingleZero;
    public float SingleMinusZero = -0.0f;
    public float SingleOne = 1;
    public float SingleMinusOne = -1;
    public double DoubleZero;
    public double DoubleMinusZero = -0.0;
    public double DoubleOne = 1;
    public double DoubleMinusOne = -1;

    /// <summary>Zero, for the same reason: see docs/decisions/0402.</summary>
    public long Zero;

    /// <summary>The memory behind <see cref="MemoryBase"/>.</summary>
    public Memory? Memory;

    /// <summary>Keeps what <see cref="Globals"/> and <see cref="GlobalSlots"/> point to alive.</summary>
    public (byte[] Slots, nint[] Addresses) Pinned;

    /// <summary>The instance that this is the context of; null for a host function's.</summary>
    public Instance? Instance;
}
