using Wetware.Membership.Routing;

namespace Wetware.Host.Services.View;

/// <summary>
/// Decides how many records go into one streamed call. The first call carries one, so that the first record is there at once; each further
/// one twice as many, so that a long answer costs few calls; and none is much longer than the bytes that keep a stream busy.
/// </summary>
internal struct RecordBatch()
{
    public const int CountMax = 256;
    public const int BytesMax = 16 * 1024;

    private int _target = 1;
    private int _bytes;

    /// <summary>Where the records of the next call are gathered.</summary>
    public PeerRecord[] Records { get; } = new PeerRecord[CountMax];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a record.</summary>
    /// <returns>Whether it is time to send.</returns>
    public bool Add(in PeerRecord record)
    {
        Records[Count++] = record;
        _bytes += record.Profile.SizeBytes;
        return Count == _target || _bytes >= BytesMax;
    }

    /// <summary>What was gathered has been sent.</summary>
    public void Clear()
    {
        Count = 0;
        _bytes = 0;
        _target = Math.Min(_target * 2, CountMax);
    }
}
