using System.Diagnostics;

namespace Wetware.Wasm.Validation;

/// <summary>Refuses a module whose compilation takes longer than <see cref="ModuleLimits.CompileTimeMax"/>.</summary>
internal readonly struct Deadline(TimeSpan allowed)
{
    private readonly long _end = Stopwatch.GetTimestamp() + (long)(Math.Min(allowed.TotalSeconds, 1e6) * Stopwatch.Frequency);

    /// <param name="offset">How far the compiler has come.</param>
    public void Check(int offset)
    {
        if (Stopwatch.GetTimestamp() > _end)
        {
            throw new ModuleException(ModuleFault.LimitExceeded, offset, $"longer than {nameof(ModuleLimits.CompileTimeMax)} allows");
        }
    }
}
