using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Wetware.Core;

/// <summary>
/// States what must be true of a correct program. Checks stay on in Release: a program that breaks its own
/// invariant is stopped where it broke, before it persists or sends anything built on the mistake. Trouble that a
/// correct program can meet (bad input, a full disk, a dead peer) is a result or an exception of its own, never an
/// <see cref="Invariant"/>.
/// </summary>
public static class Invariant
{
    /// <summary>Checks that <paramref name="condition"/> holds.</summary>
    /// <param name="condition">What must be true.</param>
    /// <param name="expression">The text of the condition; filled in by the compiler.</param>
    /// <exception cref="InvariantException">The condition is false.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
        {
            Fail(expression);
        }
    }

    /// <summary>Marks a place that a correct program never reaches.</summary>
    /// <param name="message">What was believed impossible.</param>
    /// <exception cref="InvariantException">Always.</exception>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    [StackTraceHidden]
    public static void Fail(string message) => throw new InvariantException(message);
}
