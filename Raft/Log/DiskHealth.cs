namespace Wetware.Raft.Log;

/// <summary>Whether the log's disk has failed. The first failure is final: after it nothing may be assumed of what was not synced before.</summary>
internal sealed class DiskHealth(string folder)
{
    private Exception? _failure;

    public bool HasFailed => _failure is not null;

    /// <summary>Remembers a failure.</summary>
    /// <returns>What to throw.</returns>
    public LogFailedException Fail(Exception failure)
    {
        _failure ??= failure;
        return Stopped();
    }

    /// <summary>Throws if there was a failure.</summary>
    /// <exception cref="LogFailedException">There was.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw Stopped();
        }
    }

    private LogFailedException Stopped() => new(
        $"the log in {folder} has stopped because the disk failed ({_failure!.Message}); restart the node to find out what is stored", _failure);
}
