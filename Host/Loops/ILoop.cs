namespace Wetware.Host.Loops;

/// <summary>A loop whose turns can be run by the thread that has it.</summary>
internal interface ILoop
{
    /// <summary>Runs one turn.</summary>
    /// <returns>Whether there is more to do; otherwise the thread has given the loop up.</returns>
    bool TakeTurn();

    /// <summary>Leaves the turns to the loop's own thread.</summary>
    void HandOver();
}
