using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Wetware.Architecture.Tests;

/// <summary>Reads, from a compiled assembly, which members of other assemblies each of its types uses.</summary>
internal sealed class IlScanner : IDisposable
{
    private static readonly OpCode?[] OneByte = new OpCode?[256];
    private static readonly OpCode?[] TwoBytes = new OpCode?[256];
    private readonly PEReader _pe;
    private readonly MetadataReader _metadata;

    static IlScanner()
    {
        foreach (var field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var opcode = (OpCode)field.GetValue(null)!;
            (opcode.Size == 1 ? OneByte : TwoBytes)[opcode.Value & 0xff] = opcode;
        }
    }

    public IlScanner(string path)
    {
        _pe = new PEReader(File.OpenRead(path));
        _metadata = _pe.GetMetadataReader();
    }

    public void Dispose() => _pe.Dispose();

    /// <summary>The simple names of the assemblies that this one references.</summary>
    public IEnumerable<string> ReferencedAssemblies() =>
        _metadata.AssemblyReferences.Select(handle => _metadata.GetString(_metadata.GetAssemblyReference(handle).Name));

    /// <summary>Every use of a member of another assembly: the using type, and the used "Namespace.Type.Member".</summary>
    public IEnumerable<(string User, string Used)> ExternalUses()
    {
        foreach (var handle in _metadata.MethodDefinitions)
        {
            var method = _metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0)
            {
                continue;
            }

            var user = NameOf(method.GetDeclaringType());
            var body = _pe.GetMethodBody(method.RelativeVirtualAddress);
            foreach (var token in Tokens(body.GetILBytes() ?? []))
            {
                if (Used(MetadataTokens.EntityHandle(token)) is { } used)
                {
                    yield return (user, used);
                }
            }
        }
    }

    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            var opcode = il[at] == 0xfe ? TwoBytes[il[at + 1]] : OneByte[il[at]];
            if (opcode is not { } known)
            {
                yield break;
            }

            at += known.Size;
            switch (known.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok or OperandType.InlineType:
                    yield return BitConverter.ToInt32(il, at);
                    at += 4;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + (4 * BitConverter.ToInt32(il, at));
                    break;
                default:
                    at += OperandSize(known.OperandType);
                    break;
            }
        }
    }

    private static int OperandSize(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private string? Used(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodSpecification:
                return Used(_metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.MemberReference:
                var member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                return TypeName(member.Parent) is { } type ? type + "." + _metadata.GetString(member.Name) : null;
            case HandleKind.TypeReference:
                return TypeName(handle);
            default:
                return null;
        }
    }

    private string? TypeName(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeReference:
                var reference = _metadata.GetTypeReference((TypeReferenceHandle)handle);
                var name = _metadata.GetString(reference.Name);
                return reference.ResolutionScope.Kind == HandleKind.TypeReference
                    ? TypeName(reference.ResolutionScope) + "." + name
                    : _metadata.GetString(reference.Namespace) + "." + name;
            case HandleKind.TypeSpecification:
                // A generic instantiation: GENERICINST, CLASS or VALUETYPE, then the open type's token.
                var blob = _metadata.GetBlobReader(_metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
                if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                {
                    return null;
                }

                blob.ReadByte();
                return TypeName(blob.ReadTypeHandle());
            default:
                return null;
        }
    }

    private string NameOf(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        var outer = type.GetDeclaringType();
        return outer.IsNil
            ? _metadata.GetString(type.Namespace) + "." + _metadata.GetString(type.Name)
            : NameOf(outer) + "." + _metadata.GetString(type.Name);
    }
}
