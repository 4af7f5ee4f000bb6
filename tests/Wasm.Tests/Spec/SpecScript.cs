using System.Text.Json;

namespace Wetware.Wasm.Tests.Spec;

/// <summary>Runs the commands of one file of the suite, in one store.</summary>
internal sealed class SpecScript : IDisposable
{
    private readonly string _name;
    private readonly JsonDocument _document;
    private readonly Store _store = new(new StoreOptions { InstancesMax = 100_000 });
    private readonly Imports _imports = new();
    private readonly Dictionary<string, Instance> _named = [];
    private readonly CompileOptions _options;
    private Instance? _current;

    public SpecScript(string name, CompileOptions options)
    {
        _name = name;
        _options = options;
        _document = JsonDocument.Parse(SpecArchive.Bytes(name, name + ".json"));
        _imports
            .Function("spectest", "print", () => { })
            .Function("spectest", "print_i32", (int a) => { })
            .Function("spectest", "print_i64", (long a) => { })
            .Function("spectest", "print_f32", (float a) => { })
            .Function("spectest", "print_f64", (double a) => { })
            .Function("spectest", "print_i32_f32", (int a, float b) => { })
            .Function("spectest", "print_f64_f64", (double a, double b) => { })
            .Global("spectest", "global_i32", new Global(new GlobalType(ValType.I32, false), Value.From(666)))
            .Global("spectest", "global_i64", new Global(new GlobalType(ValType.I64, false), Value.From(666L)))
            .Global("spectest", "global_f32", new Global(new GlobalType(ValType.F32, false), Value.From(666.6f)))
            .Global("spectest", "global_f64", new Global(new GlobalType(ValType.F64, false), Value.From(666.6)))
            .Table("spectest", "table", new Table(new TableType(ValType.FuncRef, new SizeRange(10, 20))))
            .Memory("spectest", "memory", new Memory(new SizeRange(1, 2)));
    }

    public int Passed { get; private set; }

    /// <summary>Commands about modules in text form, which need a text parser.</summary>
    public int Skipped { get; private set; }

    public List<string> Failures { get; } = [];

    public void Run()
    {
        foreach (var command in _document.RootElement.GetProperty("commands").EnumerateArray())
        {
            if (command.TryGetProperty("module_type", out var kind) && kind.GetString() == "text")
            {
                Skipped++;
                continue;
            }

            string? failure;
            try
            {
                failure = Execute(command);
            }
            catch (Exception unexpected) when (unexpected is not OutOfMemoryException)
            {
                failure = unexpected.ToString();
            }

            if (failure is null)
            {
                Passed++;
            }
            else
            {
                Failures.Add($"{_name}.wast:{command.GetProperty("line").GetInt32()}: {command.GetProperty("type").GetString()}: {failure}");
            }
        }
    }

    public void Dispose()
    {
        _document.Dispose();
        _store.Dispose();
    }

    private static string? Expect<T>(Action action, Func<T, bool>? holds = null)
        where T : Exception
    {
        try
        {
            action();
            return $"no {typeof(T).Name}";
        }
        catch (T expected)
        {
            return holds is null || holds(expected) ? null : $"wrong: {expected.Message}";
        }
    }

    private string? Execute(JsonElement command)
    {
        var text = command.TryGetProperty("text", out var given) ? given.GetString()! : string.Empty;
        switch (command.GetProperty("type").GetString())
        {
            case "module":
                _current = Instantiate(command);
                if (command.TryGetProperty("name", out var name))
                {
                    _named[name.GetString()!] = _current;
                }

                return null;
            case "register":
                _imports.Instance(command.GetProperty("as").GetString()!, Target(command, "name"));
                return null;
            case "action":
                Act(command);
                return null;
            case "assert_return":
                return Compare(command, Act(command));
            case "assert_trap":
                return Expect<TrapException>(() => Act(command), trap => trap.Message.Contains(text, StringComparison.Ordinal) || text.StartsWith("uninitialized element", StringComparison.Ordinal));
            case "assert_exhaustion":
                return Expect<TrapException>(() => Act(command), static trap => trap.Kind == TrapKind.CallStackExhausted);
            case "assert_invalid":
                return Expect<ModuleException>(() => Compile(command), static refusal => refusal.Fault == ModuleFault.Invalid);
            case "assert_malformed":
                return Expect<ModuleException>(() => Compile(command), static refusal => refusal.Fault != ModuleFault.Invalid);
            case "assert_unlinkable":
                return Expect<LinkException>(() => Instantiate(command), refusal => refusal.Message.StartsWith(text, StringComparison.Ordinal));
            case "assert_uninstantiable":
                return Expect<TrapException>(() => Instantiate(command), trap => trap.Message.Contains(text, StringComparison.Ordinal));
            case var other:
                return $"unknown command {other}";
        }
    }

    private CompiledModule Compile(JsonElement command) =>
        CompiledModule.Compile(SpecArchive.Bytes(_name, command.GetProperty("filename").GetString()!), _options);

    private Instance Instantiate(JsonElement command) => Instance.Create(_store, Compile(command), _imports);

    private Instance Target(JsonElement json, string property) =>
        json.TryGetProperty(property, out var name) ? _named[name.GetString()!] : _current!;

    private Value[] Act(JsonElement command)
    {
        var action = command.GetProperty("action");
        var instance = Target(action, "module");
        var field = action.GetProperty("field").GetString()!;
        if (action.GetProperty("type").GetString() == "get")
        {
            return [((Global)instance.Export(field)!).Value];
        }

        var arguments = action.GetProperty("args").EnumerateArray().Select(SpecValue.Parse).ToArray();
        return instance.Call(field, arguments);
    }

    private static string? Compare(JsonElement command, Value[] actual)
    {
        var expected = command.GetProperty("expected").EnumerateArray().ToArray();
        var matches = expected.Length == actual.Length && expected.Zip(actual).All(static pair => SpecValue.Matches(pair.First, pair.Second));
        return matches ? null : $"{command.GetProperty("action").GetRawText()}: expected {command.GetProperty("expected").GetRawText()}, got {string.Join(", ", actual)}";
    }
}
