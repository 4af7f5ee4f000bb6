namespace Wetware.Generator.Emit;

/// <summary>What kind of C# type refers to a schema type: that decides which C# type parameters stand for the schema's.</summary>
internal enum View
{
    /// <summary>A reader: a struct's parameters are reader types.</summary>
    Reader,

    /// <summary>A builder: a struct's parameters are builder types.</summary>
    Builder,

    /// <summary>A client or server: every parameter is a pair.</summary>
    Pair,
}
