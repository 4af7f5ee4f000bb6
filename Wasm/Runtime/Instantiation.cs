using System.Runtime.CompilerServices;
using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Runtime;

/// <summary>Instantiates a module (WebAssembly 2.0, section 4.5.4): resolves imports, makes what the module defines, copies segments, runs start.</summary>
internal static unsafe class Instantiation
{
    public static Instance Run(Store store, CompiledModule module, Imports imports)
    {
        var definition = module.Definition;
        var context = new InstanceContext();
        var globals = new Global[definition.Globals.Count];
        var instance = new Instance(store, module, context, globals);
        context.Instance = instance;
        context.Tables = new Table[definition.Tables.Count];
        context.Imports = new FuncRef[definition.ImportedFunctions];
        Resolve(instance, imports, globals);
        var hasData = Own(store, module, context);
        Globals(instance, globals);
        context.Table0 = context.Tables.Length > 0 ? context.Tables[0] : null;
        store.Add(context, module.Code.ResultsMax);
        Elements(instance);
        if (!hasData)
        {
            Data(instance);
        }

        instance.DropActiveData();
        if (definition.Start is { } start)
        {
            Invoker.Call(store, instance.Function((int)start), []);
        }

        return instance;
    }

    private static void Resolve(Instance instance, Imports imports, Global[] globals)
    {
        var (functions, tables, numbers) = (0, 0, 0);
        var context = instance.Context;
        foreach (var import in instance.Module.Definition.Imports)
        {
            var item = imports.Find(import.Module, import.Name)
                ?? throw new LinkException($"unknown import: {import.Kind} {import.Module}.{import.Name}");
            switch (import.Kind)
            {
                case ExternKind.Function:
                    context.Imports[functions++] = Function(instance, import, item);
                    break;
                case ExternKind.Table:
                    context.Tables[tables++] = Matches(item is Table table && table.Type.Element == import.Table.Element
                        && table.Type.Size.Satisfies(table.Size, import.Table.Size), import, (item as Table)!);
                    break;
                case ExternKind.Memory:
                    context.Memory = Matches(
                        item is Memory memory && memory.Size.Satisfies(memory.Pages, import.Memory), import, (item as Memory)!);
                    break;
                default:
                    globals[numbers++] = Matches(item is Global global && global.Type == import.Global, import, (item as Global)!);
                    break;
            }
        }
    }

    private static T Matches<T>(bool matches, ModuleImport import, T item) =>
        matches ? item : throw new LinkException($"incompatible import type: {import.Kind} {import.Module}.{import.Name}");

    private static FuncRef Function(Instance instance, ModuleImport import, object item)
    {
        var wanted = instance.Module.Definition.Types[(int)import.TypeIndex];
        if (item is Delegate host)
        {
            var thunk = HostThunk.Of(host.GetType());
            var context = new HostContext(host, instance);
            instance.Store.AddHost(context);
            item = new FuncRef(thunk.Code, context, thunk.Type);
        }

        if (item is FuncRef { Context.Instance: { } owner } && owner.Store != instance.Store)
        {
            throw new LinkException($"{import.Module}.{import.Name} belongs to another store");
        }

        return Matches(item is FuncRef function && function.Type.Equals(wanted), import, (item as FuncRef)!);
    }

    /// <summary>Makes the tables and the memory; true when the memory already holds what active segments say.</summary>
    private static bool Own(Store store, CompiledModule module, InstanceContext context)
    {
        var definition = module.Definition;
        var hasData = false;
        for (var i = definition.ImportedTables; i < definition.Tables.Count; i++)
        {
            var type = definition.Tables[i];
            if (type.Size.Minimum > store.Options.TableElementsMax)
            {
                throw new LinkException($"a table of {type.Size.Minimum}: more than {nameof(StoreOptions.TableElementsMax)} = {store.Options.TableElementsMax} allows");
            }

            context.Tables[i] = new Table(type, store.Options.TableElementsMax);
        }

        if (definition.Memories.Count > 0 && !definition.ImportsMemory)
        {
            var size = definition.Memories[0];
            if (size.Minimum > store.Options.MemoryPagesMax)
            {
                throw new LinkException($"a memory of {size.Minimum} pages: more than {nameof(StoreOptions.MemoryPagesMax)} = {store.Options.MemoryPagesMax} allows");
            }

            context.Memory = new Memory(size, store.Options.MemoryPagesMax);
            store.Own(context.Memory);
            if (module.Image is { } image)
            {
                context.Memory.Place(image);
                hasData = true;
            }
        }

        context.Memory?.Attach(context);
        return hasData;
    }

    private static void Globals(Instance instance, Global[] globals)
    {
        var definition = instance.Module.Definition;
        var context = instance.Context;
        var own = definition.OwnGlobals.Count;
        var slots = GC.AllocateArray<byte>(Math.Max(own, 1) * Global.SlotBytes, pinned: true);
        var addresses = GC.AllocateArray<nint>(Math.Max(globals.Length, 1), pinned: true);
        context.Globals = (byte*)Unsafe.AsPointer(ref slots[0]);
        context.GlobalSlots = (byte**)Unsafe.AsPointer(ref addresses[0]);
        context.Pinned = (slots, addresses);
        for (var i = 0; i < own; i++)
        {
            var declared = definition.OwnGlobals[i];
            var global = new Global(declared.Type, slots, i);
            global.Write(instance.Evaluate(declared.Initial));
            globals[definition.ImportedGlobals + i] = global;
        }

        for (var i = 0; i < globals.Length; i++)
        {
            addresses[i] = (nint)globals[i].Slot;
        }

        context.ReferenceGlobals = globals;
    }

    private static void Elements(Instance instance)
    {
        var segments = instance.Module.Definition.Elements;
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (segment.Mode == SegmentMode.Active)
            {
                var start = (uint)instance.Evaluate(segment.Start).AsI32();
                var elements = instance.Context.Tables[(int)segment.Table].Elements;
                instance.Evaluate(segment.Items, BulkTable.Range(elements, start, (uint)segment.Items.Length, instance.Context, -1, segment.Offset));
            }

            if (segment.Mode != SegmentMode.Passive)
            {
                instance.DropElements(i);
            }
        }
    }

    private static void Data(Instance instance)
    {
        var segments = instance.Module.Definition.Data;
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (segment.Mode == SegmentMode.Active)
            {
                var start = (uint)instance.Evaluate(segment.Start).AsI32();
                BulkMemory.Init(start, 0, (uint)segment.Bytes.Length, i, instance.Context, -1, segment.Offset);
            }
        }
    }
}
