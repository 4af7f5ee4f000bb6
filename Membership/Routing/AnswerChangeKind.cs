namespace Wetware.Membership.Routing;

/// <summary>How the answer to a query changed.</summary>
public enum AnswerChangeKind
{
    /// <summary>A record is in it that was not.</summary>
    Joined,

    /// <summary>A record says something else of its peer than it did.</summary>
    Updated,

    /// <summary>A record is not in it any more.</summary>
    Left,
}
