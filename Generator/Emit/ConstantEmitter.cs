using Wetware.Generator.Model;
using Wetware.Generator.Naming;

namespace Wetware.Generator.Emit;

/// <summary>Writes constants.</summary>
internal static class ConstantEmitter
{
    public static void Emit(CodeWriter code, SymbolTable symbols, Symbol symbol)
    {
        var type = symbol.Node.ConstType;
        var value = symbol.Node.ConstValue;
        var types = new TypeNames(symbols, symbol, View.Reader);
        code.Blank();
        DocWriter.Summary(code, symbol.Node.Doc, $"The constant {symbol.Node.Name}.");
        switch (type.Kind)
        {
            case TypeKind.Void:
                code.Line($"public static {Runtime.Void} {symbol.Name} => default;");
                break;
            case TypeKind.Text:
                code.Line($"public const string {symbol.Name} = {Literals.Text(value.Bytes)};");
                break;
            case TypeKind.Data:
                code.Line($"public static global::System.ReadOnlySpan<byte> {symbol.Name} => [{Literals.Bytes(value.Bytes)}];");
                break;
            case TypeKind.Enum:
                code.Line($"public const {types.Scalar(type)} {symbol.Name} = ({types.Scalar(type)}){value.Bits};");
                break;
            case TypeKind.Interface:
                // The only capability that a schema can state is null.
                code.Line($"public static {types.Reader(type)} {symbol.Name} => default;");
                break;
            case TypeKind.List or TypeKind.Struct or TypeKind.AnyPointer:
                code.Line(
                    $"public static {types.Reader(type)} {symbol.Name} "
                        + $"=> _{Identifiers.Camel(symbol.Node.Name).TrimStart('@')}.Get<{types.Reader(type)}>();");
                code.Blank();
                code.Line(
                    $"private static readonly {Runtime.PointerDefault} "
                        + $"_{Identifiers.Camel(symbol.Node.Name).TrimStart('@')} = new([{Literals.Bytes(value.Segment())}]);");
                break;
            default:
                code.Line($"public const {types.Scalar(type)} {symbol.Name} = {Literals.Scalar(value)};");
                break;
        }

        code.Blank();
    }
}
