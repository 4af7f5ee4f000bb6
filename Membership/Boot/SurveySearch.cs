using System.Net;

namespace Wetware.Membership.Boot;

/// <summary>Asks a multicast group.</summary>
internal sealed class SurveySearch(IPEndPoint group, ulong now, byte from, ulong pauseMsMax) : BootSearch
{
    private const ulong StepMs = 1_000;
    private const int DistancePerStep = 4;
    private readonly GradualSurvey _survey = new(now, StepMs, pauseMsMax, from);

    public override ulong PassMs { get; } = (ulong)((SurveyRule.Everybody - from) / DistancePerStep) * StepMs;

    protected override bool TryNext(ulong now, out BootQuestion question)
    {
        var asks = _survey.TryAsk(now, out var distance);
        question = new BootQuestion(BootPacketKind.Survey, distance, group);
        return asks;
    }
}
