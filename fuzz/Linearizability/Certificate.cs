namespace Wetware.Fuzz.Linearizability;

/// <summary>
/// Checks a linearization that the system itself hands over: each reply's log index. In the order of these indexes (a read
/// after the write at its index; reads of one index in the order of invocation) no operation may stand after one that was
/// invoked only once it had returned, and a sequential object must give the very answers. Who made the indexes does not
/// matter: an order that passes is a linearization. O(n log n) for the sort, O(n) where replies come almost in order.
/// </summary>
internal static class Certificate
{
    public static CertificateResult Check<TCall>(ReadOnlySpan<Certified<TCall>> replies, ISequential<TCall> replay)
    {
        var order = new int[replies.Length];
        var keys = new ulong[replies.Length];
        var sorted = true;
        for (var i = 0; i < replies.Length; i++)
        {
            ref readonly var reply = ref replies[i];
            if (reply.Index > ulong.MaxValue >> 1)
            {
                return new CertificateResult(Holds: false, i, $"index {reply.Index} is none of a log");
            }

            order[i] = i;
            keys[i] = (reply.Index << 1) | (replay.IsRead(reply.Operation.Call) ? 1UL : 0UL);
            sorted &= i == 0 || keys[i - 1] <= keys[i];
        }

        if (!sorted)
        {
            Array.Sort(keys, order);
        }

        var fault = OrderReads(replies, keys, order);
        return fault.Holds ? Replay(replies, order, replay) : fault;
    }

    // Runs of one key are reads of one index, put in the order of invocation; two writes cannot share an entry.
    private static CertificateResult OrderReads<TCall>(ReadOnlySpan<Certified<TCall>> replies, ulong[] keys, int[] order)
    {
        long[]? invoked = null;
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                if ((keys[start] & 1) == 0)
                {
                    return new CertificateResult(Holds: false, order[start + 1], $"two operations claim log entry {keys[start] >> 1}");
                }

                invoked ??= new long[keys.Length];
                for (var i = start; i < end; i++)
                {
                    invoked[i] = replies[order[i]].Operation.Invoked;
                }

                Array.Sort(invoked, order, start, end - start);
            }

            start = end;
        }

        return CertificateResult.Proof;
    }

    private static CertificateResult Replay<TCall>(ReadOnlySpan<Certified<TCall>> replies, int[] order, ISequential<TCall> replay)
    {
        var latest = long.MinValue;
        foreach (var at in order)
        {
            ref readonly var reply = ref replies[at];
            if (reply.Operation.Returned < latest || reply.Operation.Returned < reply.Operation.Invoked)
            {
                return new CertificateResult(Holds: false, at, $"'{reply.Operation.Call}' returned before one that stands before it at index {reply.Index} was invoked");
            }

            latest = Math.Max(latest, reply.Operation.Invoked);
            var real = replay.Execute(reply.Operation.Call);
            if (!reply.Operation.IsOpen && !replay.Agrees(reply.Operation.Call, real))
            {
                return new CertificateResult(Holds: false, at, $"'{reply.Operation.Call}' at index {reply.Index} should have been '{real}'");
            }
        }

        return CertificateResult.Proof;
    }
}
