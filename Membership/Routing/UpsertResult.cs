namespace Wetware.Membership.Routing;

/// <summary>What became of a record that was offered to a table.</summary>
public enum UpsertResult
{
    /// <summary>The table holds one of the same peer that is as new or newer; nothing changed.</summary>
    Stale,

    /// <summary>The peer was not in the table, and is now.</summary>
    Added,

    /// <summary>It took the place of an older one.</summary>
    Updated,

    /// <summary>The table is full and the peer is not in it; nothing changed.</summary>
    Full,
}
