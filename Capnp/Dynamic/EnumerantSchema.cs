namespace Wetware.Capnp.Dynamic;

/// <summary>One value of an enum.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Annotations">What is annotated to it.</param>
public sealed record EnumerantSchema(string Name, IReadOnlyList<AnnotationSchema> Annotations);
