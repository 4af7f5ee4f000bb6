using Wetware.Capnp;
using Wetware.Capnp.Schema;
using Wetware.Generator.Model;

namespace Wetware.Generator.Request;

/// <summary>Turns the message that <c>capnp</c> writes to its plugins into the generator's model.</summary>
internal static class RequestReader
{
    /// <summary>Reads a request.</summary>
    /// <param name="framed">The message with its segment table.</param>
    /// <exception cref="RequestException">The bytes are no such message.</exception>
    public static SchemaRequest Read(ReadOnlyMemory<byte> framed)
    {
        try
        {
            using var message = new MessageReader();
            message.Open(framed);
            return Read(message.GetRoot<CodeGeneratorRequest.Reader>());
        }
        catch (DecodeException fault)
        {
            throw new RequestException($"standard input holds no CodeGeneratorRequest: {fault.Message}");
        }
    }

    private static SchemaRequest Read(CodeGeneratorRequest.Reader request)
    {
        var nodes = new Dictionary<ulong, SchemaNode>();
        foreach (var node in request.Nodes)
        {
            nodes[node.Id] = NodeReader.Read(node);
        }

        foreach (var info in request.SourceInfo)
        {
            if (nodes.TryGetValue(info.Id, out var node))
            {
                ReadDocs(node, info);
            }
        }

        var files = new List<SchemaFile>();
        foreach (var file in request.RequestedFiles)
        {
            files.Add(new SchemaFile(file.Id, file.Filename));
        }

        return new SchemaRequest(nodes, files);
    }

    /// <summary>Hangs the comments on a node and its members; the lists have the order in which the members stand in the node.</summary>
    private static void ReadDocs(SchemaNode node, Node.SourceInfo.Reader info)
    {
        node.Doc = Doc(info.DocComment);
        var members = info.Members;
        for (var i = 0; i < members.Count; i++)
        {
            var doc = Doc(members[i].DocComment);
            if (i < node.Fields.Count)
            {
                node.Fields[i].Doc = doc;
            }
            else if (i < node.Enumerants.Count)
            {
                node.Enumerants[i].Doc = doc;
            }
            else if (i < node.Methods.Count)
            {
                node.Methods[i].Doc = doc;
            }
        }
    }

    private static string? Doc(Capnp.TextReader text) => text.IsEmpty ? null : text.ToString();
}
