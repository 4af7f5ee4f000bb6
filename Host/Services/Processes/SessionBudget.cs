namespace Wetware.Host.Services.Processes;

/// <summary>How many programs one session runs. Guarded by the lock of the <see cref="ProcessTable"/>.</summary>
internal sealed class SessionBudget
{
    public int Processes { get; set; }
}
