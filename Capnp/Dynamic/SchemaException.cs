namespace Wetware.Capnp.Dynamic;

/// <summary>
/// A schema, or a value given for it, does not hold together: an unknown type, field or enumerant, a number out of range, bad JSON or text.
/// </summary>
public sealed class SchemaException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What does not hold.</param>
    public SchemaException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What does not hold.</param>
    /// <param name="inner">What showed it.</param>
    public SchemaException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
