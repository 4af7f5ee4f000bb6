namespace Wetware.Fuzz.Raft;

/// <summary>What each client does, one call after the other.</summary>
internal interface IScript<TCall>
{
    /// <summary>Whether nobody has anything left to do.</summary>
    bool IsDone { get; }

    /// <summary>A client's next call; false if it has none left.</summary>
    bool TryNext(int client, out TCall call);

    /// <summary>Where calls never end: they do now.</summary>
    void End();
}
