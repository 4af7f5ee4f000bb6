namespace Wetware.Membership;

/// <summary>Something that was asked of membership cannot be done as asked: options that contradict each other, a name that is too long.</summary>
public sealed class MembershipException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, in one line.</param>
    public MembershipException(string message)
        : base(message)
    {
    }
}
