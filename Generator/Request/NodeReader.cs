using Wetware.Capnp;
using Wetware.Capnp.Schema;
using Wetware.Generator.Model;

namespace Wetware.Generator.Request;

/// <summary>Reads the declarations of a request.</summary>
internal static class NodeReader
{
    public static SchemaNode Read(Node.Reader node)
    {
        var displayName = node.DisplayName.ToString();
        var prefix = (int)Math.Min(node.DisplayNamePrefixLength, (uint)displayName.Length);
        var isStruct = node.Which == Node.Which.Struct;
        var isInterface = node.Which == Node.Which.Interface;
        return new SchemaNode
        {
            Id = node.Id,
            Kind = node.Which <= Node.Which.Annotation
                ? (NodeKind)node.Which
                : throw new RequestException($"{displayName} is a declaration of unknown kind {(int)node.Which}"),
            DisplayName = displayName,
            Name = displayName[prefix..],
            ScopeId = node.ScopeId,
            Parameters = Parameters(node.Parameters),
            Nested = Each(node.NestedNodes, n => new NestedName(n.Name, n.Id)),
            Annotations = Annotations(node.Annotations),
            DataWords = isStruct ? node.Struct.DataWordCount : 0,
            Pointers = isStruct ? node.Struct.PointerCount : 0,
            IsGroup = isStruct && node.Struct.IsGroup,
            DiscriminantCount = isStruct ? node.Struct.DiscriminantCount : 0,
            DiscriminantOffset = isStruct ? node.Struct.DiscriminantOffset : 0,
            Fields = isStruct ? Each(node.Struct.Fields, ReadField) : [],
            Enumerants = node.Which == Node.Which.Enum ? ReadEnumerants(node.Enum.Enumerants) : [],
            Methods = isInterface ? ReadMethods(node.Interface.Methods) : [],
            Superclasses = isInterface
                ? Each(node.Interface.Superclasses, s => new SchemaSuperclass(s.Id, TypeReader.ReadBrand(s.Brand)))
                : [],
            ConstType = node.Which == Node.Which.Const ? TypeReader.Read(node.Const.Type) : new SchemaType(TypeKind.Void),
            ConstValue = node.Which == Node.Which.Const ? TypeReader.ReadValue(node.Const.Value) : new SchemaValue(TypeKind.Void, 0, null),
        };
    }

    private static SchemaField ReadField(Field.Reader field)
    {
        var isGroup = field.Which == Field.Which.Group;
        return new SchemaField
        {
            Name = field.Name,
            CodeOrder = field.CodeOrder,
            Discriminant = field.DiscriminantValue,
            Annotations = Annotations(field.Annotations),
            GroupId = isGroup ? field.Group.TypeId : 0,
            Offset = isGroup ? 0 : field.Slot.Offset,
            Type = isGroup ? new SchemaType(TypeKind.Void) : TypeReader.Read(field.Slot.Type),
            Default = isGroup ? new SchemaValue(TypeKind.Void, 0, null) : TypeReader.ReadValue(field.Slot.DefaultValue),
        };
    }

    private static SchemaEnumerant[] ReadEnumerants(StructListReader<Enumerant.Reader> list)
    {
        var result = new SchemaEnumerant[list.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = new SchemaEnumerant
            {
                Name = list[i].Name,
                Ordinal = i,
                CodeOrder = list[i].CodeOrder,
                Annotations = Annotations(list[i].Annotations),
            };
        }

        return result;
    }

    private static SchemaMethod[] ReadMethods(StructListReader<Method.Reader> list)
    {
        var result = new SchemaMethod[list.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var method = list[i];
            result[i] = new SchemaMethod
            {
                Name = method.Name,
                Ordinal = i,
                CodeOrder = method.CodeOrder,
                ImplicitParameters = Parameters(method.ImplicitParameters),
                ParamsId = method.ParamStructType,
                ParamsBrand = TypeReader.ReadBrand(method.ParamBrand),
                ResultsId = method.ResultStructType,
                ResultsBrand = TypeReader.ReadBrand(method.ResultBrand),
                Annotations = Annotations(method.Annotations),
            };
        }

        return result;
    }

    private static string[] Parameters(StructListReader<Node.Parameter.Reader> list) => Each(list, p => p.Name.ToString());

    private static SchemaAnnotation[] Annotations(StructListReader<Annotation.Reader> list) =>
        Each(list, a => new SchemaAnnotation(a.Id, TypeReader.ReadValue(a.Value)));

    private static T[] Each<TReader, T>(StructListReader<TReader> list, Func<TReader, T> read)
        where TReader : struct, IStructReader<TReader>
    {
        var result = new T[list.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = read(list[i]);
        }

        return result;
    }
}
