using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Validation;

/// <summary>Validates a whole module (WebAssembly 2.0, section 3.4). The sandbox rests on it: nothing is compiled that has not passed.</summary>
internal static class ModuleValidator
{
    public static void Validate(ModuleDefinition module, ModuleLimits limits, Deadline deadline)
    {
        Counts(module, limits);
        Functions(module);
        Sizes(module);
        Globals(module);
        Exports(module);
        Segments(module);
        Start(module);
        var functions = new FunctionValidator(module, limits);
        for (var i = 0; i < module.Bodies.Count; i++)
        {
            deadline.Check(module.Bodies[i].Offset);
            functions.Validate(i);
        }
    }

    private static ModuleException Invalid(int offset, string reason) => new(ModuleFault.Invalid, offset, reason);

    private static void Counts(ModuleDefinition module, ModuleLimits limits)
    {
        Within(module.Functions.Count, limits.FunctionsMax, nameof(ModuleLimits.FunctionsMax));
        Within(module.Globals.Count, limits.GlobalsMax, nameof(ModuleLimits.GlobalsMax));
        Within(module.Tables.Count, limits.TablesMax, nameof(ModuleLimits.TablesMax));
        if (module.Memories.Count > 1)
        {
            throw Invalid(0, "multiple memories");
        }
    }

    private static void Within(int count, int limit, string name)
    {
        if (count > limit)
        {
            throw new ModuleException(ModuleFault.LimitExceeded, 0, $"more than {name} = {limit} allows");
        }
    }

    private static void Functions(ModuleDefinition module)
    {
        foreach (var type in module.Functions)
        {
            if (type >= (uint)module.Types.Count)
            {
                throw Invalid(0, $"unknown type {type}");
            }
        }
    }

    private static void Sizes(ModuleDefinition module)
    {
        foreach (var memory in module.Memories)
        {
            if (memory.Minimum > ModuleLimits.MemoryPagesCeiling || memory.Maximum > ModuleLimits.MemoryPagesCeiling)
            {
                throw Invalid(0, "memory size must be at most 65536 pages (4GiB)");
            }

            Ordered(memory);
        }

        foreach (var table in module.Tables)
        {
            Ordered(table.Size);
        }
    }

    private static void Ordered(SizeRange size)
    {
        if (size.Maximum < size.Minimum)
        {
            throw Invalid(0, "size minimum must not be greater than maximum");
        }
    }

    private static void Globals(ModuleDefinition module)
    {
        foreach (var global in module.OwnGlobals)
        {
            Constant(module, global.Initial, global.Type.Type);
        }
    }

    private static void Exports(ModuleDefinition module)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var export in module.Exports)
        {
            var (count, kind) = export.Kind switch
            {
                ExternKind.Function => (module.Functions.Count, "function"),
                ExternKind.Table => (module.Tables.Count, "table"),
                ExternKind.Memory => (module.Memories.Count, "memory"),
                _ => (module.Globals.Count, "global"),
            };
            if (export.Index >= (uint)count)
            {
                throw Invalid(export.Offset, $"unknown {kind} {export.Index}");
            }

            if (!names.Add(export.Name))
            {
                throw Invalid(export.Offset, "duplicate export name");
            }

            if (export.Kind == ExternKind.Function)
            {
                module.DeclaredReferences.Add(export.Index);
            }
        }
    }

    private static void Segments(ModuleDefinition module)
    {
        foreach (var element in module.Elements)
        {
            foreach (var item in element.Items)
            {
                Constant(module, item, element.Type);
            }

            if (element.Mode == SegmentMode.Active)
            {
                if (element.Table >= (uint)module.Tables.Count)
                {
                    throw Invalid(element.Offset, $"unknown table {element.Table}");
                }

                if (module.Tables[(int)element.Table].Element != element.Type)
                {
                    throw Invalid(element.Offset, "type mismatch: table and segment hold different references");
                }

                Constant(module, element.Start, ValType.I32);
            }
        }

        foreach (var data in module.Data)
        {
            if (data.Mode == SegmentMode.Active)
            {
                if (data.Memory >= (uint)module.Memories.Count)
                {
                    throw Invalid(data.Offset, $"unknown memory {data.Memory}");
                }

                Constant(module, data.Start, ValType.I32);
            }
        }
    }

    private static void Start(ModuleDefinition module)
    {
        if (module.Start is not { } start)
        {
            return;
        }

        if (start >= (uint)module.Functions.Count)
        {
            throw Invalid(0, "unknown function: start");
        }

        var type = module.TypeOf(start);
        if (type.Parameters.Length + type.Results.Length != 0)
        {
            throw Invalid(0, "start function must take and return nothing");
        }
    }

    private static void Constant(ModuleDefinition module, in ConstantExpression expression, ValType wanted)
    {
        if (expression.Opcode == -1)
        {
            throw Invalid(expression.Offset, "type mismatch: a constant expression is one instruction");
        }

        if (TypeOf(module, expression) != wanted)
        {
            throw Invalid(expression.Offset, $"type mismatch: a constant of type {wanted} is wanted");
        }
    }

    private static ValType TypeOf(ModuleDefinition module, in ConstantExpression expression)
    {
        switch (expression.Opcode)
        {
            case Op.V128Const:
                return ValType.V128;
            case Op.RefNull:
                return expression.Type;
            case Op.RefFunc:
                if (expression.Index >= (uint)module.Functions.Count)
                {
                    throw Invalid(expression.Offset, $"unknown function {expression.Index}");
                }

                module.DeclaredReferences.Add(expression.Index);
                return ValType.FuncRef;
            case Op.GlobalGet:
                // Only imported globals are visible to constant expressions, and only immutable ones are constant.
                if (expression.Index >= (uint)module.ImportedGlobals)
                {
                    throw Invalid(expression.Offset, $"unknown global {expression.Index}");
                }

                var global = module.Globals[(int)expression.Index];
                return global.Mutable ? throw Invalid(expression.Offset, "constant expression required: the global is mutable") : global.Type;
            default:
                return InstructionValidator.ConstantType(expression.Opcode);
        }
    }
}
