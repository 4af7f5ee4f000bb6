namespace Wetware.Raft.Log;

/// <summary>Work that was started with <see cref="IFileSystem.Start"/>.</summary>
public interface IBackgroundWork
{
    /// <summary>Whether it has ended, well or not.</summary>
    bool IsDone { get; }

    /// <summary>Returns when it has ended; throws what it threw.</summary>
    void Wait();
}
