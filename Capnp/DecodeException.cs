using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Wetware.Capnp;

/// <summary>A message from outside is malformed, or asks for more than its limits allow. Nothing else is thrown for bad input.</summary>
public sealed class DecodeException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong with the input.</param>
    public DecodeException(string message)
        : base(message)
    {
    }

    [DoesNotReturn]
    [StackTraceHidden]
    internal static void Throw(string message) => throw new DecodeException(message);
}
