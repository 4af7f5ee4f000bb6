namespace Wetware.Capnp.Dynamic;

/// <summary>An annotation as it is applied.</summary>
/// <param name="Id">The id of its declaration.</param>
/// <param name="Value">Its value.</param>
public readonly record struct AnnotationSchema(ulong Id, Schema.Value.Reader Value)
{
    internal static AnnotationSchema[] Load(StructListReader<Schema.Annotation.Reader> annotations)
    {
        var loaded = new AnnotationSchema[Limits.CheckedCount(annotations.Count)];
        for (var i = 0; i < loaded.Length; i++)
        {
            loaded[i] = new AnnotationSchema(annotations[i].Id, annotations[i].Value);
        }

        return loaded;
    }

    internal static Schema.Value.Reader? Find(IReadOnlyList<AnnotationSchema> annotations, ulong id)
    {
        foreach (var annotation in annotations)
        {
            if (annotation.Id == id)
            {
                return annotation.Value;
            }
        }

        return null;
    }
}
