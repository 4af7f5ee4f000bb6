using System.Net;
using Wetware.Core;

namespace Wetware.Membership.Boot;

/// <summary>One way to look for peers, without I/O: it says whom to ask what, and when, until somebody is found.</summary>
public abstract class BootSearch
{
    /// <summary>How long it takes until everybody in its reach was asked once, in milliseconds.</summary>
    public abstract ulong PassMs { get; }

    /// <summary>Whether somebody was found.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The search that a target asks for; null for a static one, where there is nothing to search.</summary>
    /// <param name="target">Where.</param>
    /// <param name="seed">Decides the order of a crawl.</param>
    /// <param name="now">The present, in milliseconds.</param>
    /// <param name="pauseMsMax">The longest pause before all are asked again, to which pauses grow; at least a second.</param>
    /// <exception cref="MembershipException">The network is wider than can be crawled.</exception>
    public static BootSearch? Create(BootTarget target, ulong seed, ulong now, ulong pauseMsMax)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target switch
        {
            { Kind: BootKind.Static } => null,
            { Kind: BootKind.Survey, EndPoint: { } group } => new SurveySearch(group, now, SurveyRule.Everybody, pauseMsMax),
            { Kind: BootKind.GradualSurvey, EndPoint: { } group } => new SurveySearch(group, now, from: 0, pauseMsMax),
            { EndPoint: { } endPoint } => new CrawlSearch(target, endPoint, seed, now, pauseMsMax),
            _ => throw new MembershipException($"{target.Address} is no place to search"),
        };
    }

    /// <summary>Somebody was found: there is nothing more to ask.</summary>
    public void Found() => IsDone = true;

    /// <summary>The next question, if it is time for one.</summary>
    public bool TryAsk(ulong now, out BootQuestion question)
    {
        question = default;
        return !IsDone && TryNext(now, out question);
    }

    /// <summary>The next question, if it is time for one.</summary>
    protected abstract bool TryNext(ulong now, out BootQuestion question);
}
