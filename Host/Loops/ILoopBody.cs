namespace Wetware.Host.Loops;

/// <summary>What an <see cref="EventLoop{T}"/> drives. Its methods are called by one thread at a time, which waits for nothing in them.</summary>
/// <typeparam name="T">The events.</typeparam>
internal interface ILoopBody<T>
{
    /// <summary>Called before each turn, while further events may still arrive for it.</summary>
    /// <param name="isOwnThread">Whether it is the loop's own thread, which has nothing else to do.</param>
    void BeforeTurn(bool isOwnThread)
    {
    }

    /// <summary>Runs one turn.</summary>
    /// <param name="arrived">The events, in the order in which they arrived. Valid during the call.</param>
    /// <param name="isTick">Whether a tick is over.</param>
    void Turn(List<T> arrived, bool isTick);

    /// <summary>Ends: there is no turn after this.</summary>
    /// <param name="rest">The events that no turn has taken.</param>
    /// <param name="failure">What a turn threw; null if the loop was stopped.</param>
    void End(List<T> rest, Exception? failure);
}
