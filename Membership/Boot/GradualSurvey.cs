namespace Wetware.Membership.Boot;

/// <summary>
/// When to ask, and how far, so that a few peers answer wherever there are many, and the only one there is answers too: the distance grows
/// by four at each step, that is, sixteen times as many peers are asked each time, until everybody is; then everybody is asked
/// again, ever more rarely, in case datagrams were lost or somebody came. Whoever is found ends it. Without I/O: it is told the time.
/// </summary>
public sealed class GradualSurvey
{
    private const int Step = 4;

    private readonly ulong _stepMs;
    private readonly ulong _waitMsMax;
    private ulong _wait;
    private ulong _nextAt;
    private int _distance;

    /// <summary>A survey that begins at once.</summary>
    /// <param name="now">The present, in milliseconds.</param>
    /// <param name="stepMs">How long to wait for answers before asking further.</param>
    /// <param name="waitMsMax">The longest wait between two questions to everybody.</param>
    /// <param name="from">How far the first question goes; <see cref="SurveyRule.Everybody"/> asks all at once.</param>
    public GradualSurvey(ulong now, ulong stepMs = 1_000, ulong waitMsMax = 15_000, byte from = 0)
    {
        _distance = from;
        _stepMs = stepMs;
        _wait = stepMs;
        _waitMsMax = waitMsMax;
        _nextAt = now;
    }

    /// <summary>Whether somebody was found.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Somebody was found: there is nothing more to ask.</summary>
    public void Found() => IsDone = true;

    /// <summary>Whether it is time to ask, and how far.</summary>
    public bool TryAsk(ulong now, out byte distance)
    {
        distance = (byte)_distance;
        if (IsDone || now < _nextAt)
        {
            return false;
        }

        _nextAt = now + _wait;
        if (_distance < SurveyRule.Everybody)
        {
            _distance += Step;
            _wait = _stepMs;
        }
        else
        {
            _wait = Math.Min(_wait * 2, _waitMsMax);
        }

        return true;
    }
}
