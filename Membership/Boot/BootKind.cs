namespace Wetware.Membership.Boot;

/// <summary>The ways to find a first peer.</summary>
public enum BootKind
{
    /// <summary>At an address that is known.</summary>
    Static,

    /// <summary>By asking a multicast group, all at once.</summary>
    Survey,

    /// <summary>By asking a multicast group, the nearest first.</summary>
    GradualSurvey,

    /// <summary>By asking every address of a network.</summary>
    Crawl,

    /// <summary>By asking one address and port.</summary>
    Port,
}
