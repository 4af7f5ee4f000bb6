using Wetware.Capnp;
using Wetware.Capnp.Schema;
using Wetware.Generator.Model;

namespace Wetware.Generator.Request;

/// <summary>Reads the types, brands and values of a request. How deeply they may nest, the message's own limit says.</summary>
internal static class TypeReader
{
    // One constant in C# source is unusable long before this.
    private const long CopyWordsMax = 1024 * 1024;

    public static SchemaType Read(Capnp.Schema.Type.Reader type)
    {
        var kind = Known((TypeKind)type.Which);
        return kind switch
        {
            TypeKind.List => new SchemaType(kind) { Element = Read(type.List.ElementType) },
            TypeKind.Enum => new SchemaType(kind) { TypeId = type.Enum.TypeId, Brand = ReadBrand(type.Enum.Brand) },
            TypeKind.Struct => new SchemaType(kind) { TypeId = type.Struct.TypeId, Brand = ReadBrand(type.Struct.Brand) },
            TypeKind.Interface => new SchemaType(kind) { TypeId = type.Interface.TypeId, Brand = ReadBrand(type.Interface.Brand) },
            TypeKind.AnyPointer => ReadAny(type.AnyPointer),
            _ => new SchemaType(kind),
        };
    }

    public static SchemaBrand ReadBrand(Brand.Reader brand)
    {
        var scopes = brand.Scopes;
        if (scopes.Count == 0)
        {
            return SchemaBrand.None;
        }

        var result = new BrandScope[scopes.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var inherit = scopes[i].Which == Brand.Scope.Which.Inherit;
            result[i] = new BrandScope(scopes[i].ScopeId, inherit, inherit ? [] : ReadBindings(scopes[i].Bind));
        }

        return new SchemaBrand(result);
    }

    public static SchemaValue ReadValue(Value.Reader value)
    {
        // The union tags of Value follow those of Type.
        var kind = Known((TypeKind)value.Which);
        return kind switch
        {
            TypeKind.Bool => new SchemaValue(kind, value.Bool ? 1UL : 0, null),
            TypeKind.Int8 => new SchemaValue(kind, (byte)value.Int8, null),
            TypeKind.UInt8 => new SchemaValue(kind, value.Uint8, null),
            TypeKind.Int16 => new SchemaValue(kind, (ushort)value.Int16, null),
            TypeKind.UInt16 => new SchemaValue(kind, value.Uint16, null),
            TypeKind.Enum => new SchemaValue(kind, value.Enum, null),
            TypeKind.Int32 => new SchemaValue(kind, (uint)value.Int32, null),
            TypeKind.UInt32 => new SchemaValue(kind, value.Uint32, null),
            TypeKind.Float32 => new SchemaValue(kind, BitConverter.SingleToUInt32Bits(value.Float32), null),
            TypeKind.Int64 => new SchemaValue(kind, (ulong)value.Int64, null),
            TypeKind.UInt64 => new SchemaValue(kind, value.Uint64, null),
            TypeKind.Float64 => new SchemaValue(kind, BitConverter.DoubleToUInt64Bits(value.Float64), null),
            TypeKind.Text => new SchemaValue(kind, 0, value.HasText ? value.Text.Utf8.ToArray() : null),
            TypeKind.Data => new SchemaValue(kind, 0, value.HasData ? value.Data.ToArray() : null),
            TypeKind.List => new SchemaValue(kind, 0, Copy(value.List)),
            TypeKind.Struct => new SchemaValue(kind, 0, Copy(value.Struct)),
            TypeKind.AnyPointer => new SchemaValue(kind, 0, Copy(value.AnyPointer)),
            _ => new SchemaValue(kind, 0, null),
        };
    }

    private static SchemaType ReadAny(Capnp.Schema.Type.AnyPointer.Reader any) => any.Which switch
    {
        Capnp.Schema.Type.AnyPointer.Which.Parameter => new SchemaType(TypeKind.AnyPointer)
        {
            Any = AnyKind.Parameter,
            ParameterScope = any.Parameter.ScopeId,
            ParameterIndex = any.Parameter.ParameterIndex,
        },
        Capnp.Schema.Type.AnyPointer.Which.ImplicitMethodParameter => new SchemaType(TypeKind.AnyPointer)
        {
            Any = AnyKind.MethodParameter,
            ParameterIndex = any.ImplicitMethodParameter.ParameterIndex,
        },
        _ => new SchemaType(TypeKind.AnyPointer)
        {
            Any = any.Unconstrained.Which switch
            {
                Capnp.Schema.Type.AnyPointer.Unconstrained.Which.Struct => AnyKind.Struct,
                Capnp.Schema.Type.AnyPointer.Unconstrained.Which.List => AnyKind.List,
                Capnp.Schema.Type.AnyPointer.Unconstrained.Which.Capability => AnyKind.Capability,
                _ => AnyKind.Anything,
            },
        },
    };

    private static SchemaType?[] ReadBindings(StructListReader<Brand.Binding.Reader> list)
    {
        var result = new SchemaType?[list.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = list[i].Which == Brand.Binding.Which.Type ? Read(list[i].Type) : null;
        }

        return result;
    }

    private static long RequestWords(MessageArena message)
    {
        var words = 8L;
        for (var i = 0; i < message.SegmentCount; i++)
        {
            words += message.GetSegmentBytes(i).Length / 8;
        }

        return words;
    }

    private static TypeKind Known(TypeKind kind) =>
        kind <= TypeKind.AnyPointer ? kind : throw new RequestException($"the request uses a type of unknown kind {(int)kind}");

    /// <summary>A thing of the request as a message of its own: one segment.</summary>
    private static byte[]? Copy(PointerReader pointer)
    {
        if (pointer.IsNull)
        {
            return null;
        }

        // Twice the room that the whole request takes is enough for any copy of a part, whatever its layout was.
        using var copy = new MessageBuilder(checked((int)Math.Min(CopyWordsMax, 2 * RequestWords(pointer.Message!))));
        copy.Root.Set(pointer);
        return copy.SegmentCount == 1
            ? copy.GetSegmentBytes(0).ToArray()
            : throw new RequestException($"a constant or default is larger than {CopyWordsMax * 8} bytes");
    }
}
