using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>Writes the interface that a class implements to serve a schema's interface.</summary>
internal sealed class ServerEmitter(CodeWriter code, SymbolTable symbols, Symbol symbol, IReadOnlyList<InterfaceMethod> methods)
{
    private const string ValueTask = "global::System.Threading.Tasks.ValueTask";

    public void Emit()
    {
        // A server cannot know what a caller binds a method's own type parameters to: there they are AnyPointer.
        var types = new TypeNames(symbols, symbol, View.Pair);
        var self = "IServer" + TypeNames.ParameterList(symbol, View.Pair);
        var above = Inheritance.Of(symbols, symbol);
        var bases = above.Select(a => ServerOf(types, a.Interface, a.Brand)).Append(Runtime.Rpc + ".ICapabilityServer");
        code.Blank();
        DocWriter.Summary(code, null, $"Implement this to serve {symbol.Name}; a method left out answers that it is unimplemented.");
        code.Line($"public interface {self} : {string.Join(", ", bases)}");
        foreach (var constraint in TypeNames.Constraints(symbol, View.Pair))
        {
            code.Continued(constraint);
        }

        code.OpenBlock();
        foreach (var method in methods)
        {
            if (method.IsOwn)
            {
                DocWriter.Summary(code, method.Method.Doc, $"Answers {method.Method.Name}.");
                code.Line($"{ValueTask} {method.Handler}({ContextOf(types, method)} call) => call.UnimplementedAsync();");
                code.Blank();
            }
        }

        code.Line(
            $"{ValueTask} {Runtime.Rpc}.ICapabilityServer.DispatchAsync("
                + $"ulong interfaceId, ushort methodId, {Runtime.Rpc}.CallContext call) => interfaceId switch");
        code.OpenBlock();
        code.Line("TypeId => DispatchAsync(this, methodId, call),");
        foreach (var (super, brand) in above)
        {
            code.Line($"{super.FullName}.TypeId => {ServerOf(types, super, brand)}.DispatchAsync(this, methodId, call),");
        }

        code.Line("_ => call.UnimplementedAsync(),");
        code.Close("};");
        code.Blank();
        DocWriter.Summary(code, null, "Hands a call of one of this interface's own methods to the server.");
        code.Line($"static {ValueTask} DispatchAsync({self} server, ushort methodId, {Runtime.Rpc}.CallContext call) => methodId switch");
        code.OpenBlock();
        foreach (var method in methods)
        {
            if (method.IsOwn)
            {
                code.Line($"{method.Method.Ordinal} => server.{method.Handler}(new(call)),");
            }
        }

        code.Line("_ => call.UnimplementedAsync(),");
        code.Close("};");
        code.Close();
    }

    private static string ServerOf(TypeNames types, Symbol symbol, Model.SchemaBrand brand) =>
        $"{symbol.FullName}.IServer{types.Arguments(symbol, brand, View.Pair)}";

    private static string ContextOf(TypeNames types, InterfaceMethod method)
    {
        var parameters = types.Reference(method.Method.ParamsId, method.ParamsBrand, View.Reader);
        var results = method.Method.IsStreaming
            ? Runtime.StreamResultBuilder
            : types.Reference(method.Method.ResultsId, method.ResultsBrand, View.Builder);
        return $"{Runtime.Rpc}.CallContext<{parameters}, {results}>";
    }
}
