using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>Writes the client of an interface.</summary>
internal sealed class ClientEmitter(CodeWriter code, SymbolTable symbols, Symbol symbol, IReadOnlyList<InterfaceMethod> methods)
{
    private const string Cancellation = "global::System.Threading.CancellationToken cancellationToken = default";

    public void Emit()
    {
        var self = "Client" + TypeNames.ParameterList(symbol, View.Pair);
        code.Blank();
        DocWriter.Summary(code, null,
            $"Calls {symbol.Name}. Owns the reference that it was made of: dispose it, or whatever it was borrowed from.");
        code.Line(
            $"public readonly struct {self} : {Runtime.Rpc}.ICapabilityClient<{self}>, "
                + $"{Runtime.IPointerReader}<{self}>, {Runtime.IPointerBuilder}<{self}>");
        foreach (var constraint in TypeNames.Constraints(symbol, View.Pair))
        {
            code.Continued(constraint);
        }

        code.OpenBlock();
        DocWriter.Summary(code, null, "Looks at a reference as this interface.");
        code.Line($"public Client({Runtime.Capability} capability) => Capability = capability;");
        code.Blank();
        DocWriter.Summary(code, null, "The id of the interface.");
        code.Line("public static ulong InterfaceId => TypeId;");
        code.Blank();
        DocWriter.Summary(code, null, "The reference that calls go through.");
        code.Line($"public {Runtime.Capability} Capability {{ get; }}");
        code.Blank();
        DocWriter.Summary(code, null, "Looks at a reference as this interface.");
        code.Line($"public static {self} From({Runtime.Capability} capability) => new(capability);");
        code.Blank();
        DocWriter.Summary(code, null, "A client of a local object, which is disposed with the last reference to it.");
        code.Line(
            $"public static {self} Serve(IServer{TypeNames.ParameterList(symbol, View.Pair)} server) "
                + $"=> new({Runtime.Capability}.Serve(server));");
        code.Blank();
        EmitSuperclasses();
        foreach (var method in methods)
        {
            EmitMethod(method);
        }

        DocWriter.Summary(code, null, "Another reference to the same thing, to be disposed on its own.");
        code.Line($"public {self} AddRef() => new(Capability.AddRef());");
        code.Blank();
        DocWriter.Summary(code, null, "Gives the reference back.");
        code.Line("public void Dispose() => Capability.Dispose();");
        code.Blank();
        code.Line(
            $"static {self} {Runtime.IPointerReader}<{self}>.Read({Runtime.AnyReader} pointer) "
                + $"=> new({Runtime.Capability}.Read(pointer));");
        code.Blank();
        code.Line(
            $"static {self} {Runtime.IPointerBuilder}<{self}>.Get({Runtime.AnyBuilder} pointer) "
                + $"=> new({Runtime.Capability}.Read(pointer.AsReader()));");
        code.Close();
    }

    private void EmitSuperclasses()
    {
        var types = new TypeNames(symbols, symbol, View.Pair);
        var taken = new NameSet(methods.Select(m => m.Name));
        foreach (var (above, brand) in Inheritance.Of(symbols, symbol))
        {
            var type = types.Reference(above.Node.Id, brand, View.Pair);
            DocWriter.Summary(code, null, $"The same reference as {above.Name}, which this interface extends.");
            code.Line($"public {type} {taken.Take("As" + above.Name)}() => new(Capability);");
            code.Blank();
        }
    }

    private void EmitMethod(InterfaceMethod method)
    {
        var generic = MethodGenerics.Of(symbol, method.Method);
        var types = new TypeNames(symbols, symbol, View.Pair) { MethodParameters = generic.Names };
        var parameters = types.Reference(method.Method.ParamsId, method.ParamsBrand, View.Builder);
        var owner = method.IsOwn ? "TypeId" : method.Owner.FullName + ".TypeId";
        string request, answer;
        if (method.Method.IsStreaming)
        {
            request = $"{Runtime.Rpc}.StreamRequest<{parameters}>";
            answer = "global::System.Threading.Tasks.ValueTask";
        }
        else
        {
            var results = types.Reference(method.Method.ResultsId, method.ResultsBrand, View.Reader);
            var resultSymbol = symbols[method.Method.ResultsId];
            var pipeline = PipelineEmitter.IsWanted(symbols, resultSymbol)
                ? $"{resultSymbol.FullName}.Pipeline{types.Arguments(resultSymbol, method.ResultsBrand, View.Reader)}"
                : Runtime.Rpc + ".NoPipeline";
            request = $"{Runtime.Rpc}.Request<{parameters}, {results}, {pipeline}>";
            answer = $"{Runtime.Rpc}.Answer<{results}, {pipeline}>";
        }

        DocWriter.Summary(code, method.Method.Doc, $"Starts a request of {method.Method.Name}, to be filled in and sent.");
        Head($"public {request} {method.Request}{generic.List}()", generic,
            $"new(Capability.NewRequest({owner}, {method.Method.Ordinal}))");
        EmitShortForm(method, generic, types, answer);
    }

    // Parameters that can be passed by value get a method that takes them and sends.
    private void EmitShortForm(InterfaceMethod method, MethodGenerics generic, TypeNames types, string answer)
    {
        var parameters = symbols[method.Method.ParamsId];
        if (parameters.Node.ScopeId != 0 || parameters.Node.Fields.Any(f => f.IsGroup || !IsSimple(f.Type)))
        {
            return;
        }

        var members = StructMembers.Of(symbols, parameters);
        var names = new NameSet(["request", "cancellationToken"]);
        var list = new List<string>();
        var fill = new List<string>();
        foreach (var member in members)
        {
            if (member.Field.Type.Kind == TypeKind.Void)
            {
                continue;
            }

            var name = Identifiers.Escape(names.Take(Identifiers.Camel(member.Name).TrimStart('@')));
            var type = Inheritance.Substitute(member.Field.Type, method.ParamsBrand);
            list.Add($"{ParameterType(types, type)} {name}");
            fill.Add(type.IsPointer ? $"request.Params.{member.Set}({name});" : $"request.Params.{member.Name} = {name};");
        }

        var streaming = method.Method.IsStreaming;
        if (!streaming)
        {
            list.Add(Cancellation);
        }

        var send = streaming ? "SendAsync()" : "Send(cancellationToken)";
        var head = $"public {answer} {(streaming ? method.Handler : method.Name)}{generic.List}({string.Join(", ", list)})";
        DocWriter.Summary(code, method.Method.Doc, $"Calls {method.Method.Name}.");
        if (fill.Count == 0)
        {
            Head(head, generic, $"{method.Request}{generic.List}().{send}");
            return;
        }

        code.Line(head);
        foreach (var constraint in generic.Constraints)
        {
            code.Continued(constraint);
        }

        code.OpenBlock();
        code.Line($"var request = {method.Request}{generic.List}();");
        foreach (var line in fill)
        {
            code.Line(line);
        }

        code.Line($"return request.{send};");
        code.Close();
    }

    private void Head(string head, MethodGenerics generic, string value)
    {
        if (generic.Constraints.Count == 0)
        {
            code.Line($"{head} => {value};");
        }
        else
        {
            code.Line(head);
            for (var i = 0; i < generic.Constraints.Count; i++)
            {
                code.Continued(generic.Constraints[i] + (i == generic.Constraints.Count - 1 ? $" => {value};" : ""));
            }
        }

        code.Blank();
    }

    private static bool IsSimple(SchemaType type) => type.Kind is not (TypeKind.List or TypeKind.Struct or TypeKind.AnyPointer);

    private static string ParameterType(TypeNames types, SchemaType type) => type.Kind switch
    {
        TypeKind.Text => "global::System.ReadOnlySpan<char>",
        TypeKind.Data => "global::System.ReadOnlySpan<byte>",
        TypeKind.Interface => types.Reader(type),
        _ => types.Scalar(type),
    };
}
