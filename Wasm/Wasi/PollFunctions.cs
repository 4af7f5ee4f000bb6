using System.Buffers.Binary;

namespace Wetware.Wasm.Wasi;

/// <summary>poll_oneoff: waits for a time, for input or for the socket. Files and output are always ready. Ends at once when the guest is stopped.</summary>
internal sealed class PollFunctions(WasiProcess process)
{
    private const int SubscriptionBytes = 48;
    private const int EventBytes = 32;
    private const int SubscriptionsMax = 4096;
    private const byte ClockTag = 0;
    private const byte ReadTag = 1;
    private const byte WriteTag = 2;
    private const int NanosecondsPerTick = 100;

    private readonly long _start = process.Options.Clock.GetTimestamp();

    public void Define(Imports imports) => imports.Function(
        WasiProcess.ModuleName,
        "poll_oneoff",
        (Instance guest, int subscriptions, int events, int count, int result) => (int)Poll(guest, subscriptions, events, count, result));

    private Errno Poll(Instance guest, int subscriptions, int events, int count, int result)
    {
        var memory = new GuestMemory(guest);
        if (count is <= 0 or > SubscriptionsMax)
        {
            return Errno.Inval;
        }

        if (!memory.Span(subscriptions, count * SubscriptionBytes, out var asked) || !memory.Span(events, count * EventBytes, out var happened)
            || !memory.Write32(result, 0))
        {
            return Errno.Fault;
        }

        // A copy: the guest may give the same bytes for both.
        var wanted = asked.ToArray();
        // Never disposed of, which it does not need: the socket or the timer may be calling at the moment when the wait ends.
        var changed = new SemaphoreSlim(0);
        void Wake() => changed.Release();
        var watched = Watched(wanted);
        foreach (var descriptor in watched)
        {
            descriptor.Changed += Wake;
        }

        try
        {
            return memory.Write32(result, Wait(guest, wanted, happened, changed)) ? Errno.Success : Errno.Fault;
        }
        finally
        {
            foreach (var descriptor in watched)
            {
                descriptor.Changed -= Wake;
            }
        }
    }

    /// <summary>What the subscriptions wait for, each once.</summary>
    private HashSet<Descriptor> Watched(byte[] wanted)
    {
        var watched = new HashSet<Descriptor>();
        for (var at = 0; at < wanted.Length; at += SubscriptionBytes)
        {
            var subscription = wanted.AsSpan(at, SubscriptionBytes);
            if (subscription[8] is ReadTag or WriteTag && process.Find(BinaryPrimitives.ReadInt32LittleEndian(subscription[16..])) is { } descriptor)
            {
                watched.Add(descriptor);
                if (subscription[8] == ReadTag)
                {
                    descriptor.Prepare();
                }
            }
        }

        return watched;
    }

    private int Wait(Instance guest, byte[] wanted, Span<byte> happened, SemaphoreSlim changed)
    {
        var began = process.Options.Clock.GetTimestamp();
        var deadlines = Deadlines(wanted);
        while (true)
        {
            guest.Store.Stopping.ThrowIfCancellationRequested();
            var elapsed = process.Options.Clock.GetElapsedTime(began);
            var ready = Ready(wanted, deadlines, elapsed, happened);
            if (ready > 0)
            {
                return ready;
            }

            var next = TimeSpan.MaxValue;
            foreach (var deadline in deadlines)
            {
                next = deadline < next ? deadline : next;
            }

            WaitOnce(changed, next == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : next - elapsed, guest.Store.Stopping);
        }
    }

    /// <summary>Waits for a change, for at most so long, by the clock that the guest was given.</summary>
    private void WaitOnce(SemaphoreSlim changed, TimeSpan longest, CancellationToken stopping)
    {
        if (longest == Timeout.InfiniteTimeSpan)
        {
            changed.Wait(stopping);
            return;
        }

        // The base library's timers count milliseconds and take no more than this; waking early only checks again.
        var bounded = longest > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : longest;
        using var timer = process.Options.Clock.CreateTimer(static state => ((SemaphoreSlim)state!).Release(), changed, RoundUp(bounded), Timeout.InfiniteTimeSpan);
        changed.Wait(stopping);
    }

    private static TimeSpan RoundUp(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(time.TotalMilliseconds)));

    /// <summary>For each subscription to a clock, when it is due, counted from now; for others, never.</summary>
    private TimeSpan[] Deadlines(byte[] wanted)
    {
        var deadlines = new TimeSpan[wanted.Length / SubscriptionBytes];
        for (var i = 0; i < deadlines.Length; i++)
        {
            var subscription = wanted.AsSpan(i * SubscriptionBytes, SubscriptionBytes);
            deadlines[i] = TimeSpan.MaxValue;
            if (subscription[8] != ClockTag)
            {
                continue;
            }

            var clock = BinaryPrimitives.ReadInt32LittleEndian(subscription[16..]);
            var time = BinaryPrimitives.ReadUInt64LittleEndian(subscription[24..]);
            var isAbsolute = (subscription[40] & 1) != 0;
            var now = EnvironmentFunctions.Now(process.Options.Clock, clock, _start);
            var nanoseconds = isAbsolute ? time > (ulong)(now ?? 0) ? time - (ulong)(now ?? 0) : 0 : time;
            deadlines[i] = now is null ? TimeSpan.Zero : new TimeSpan((long)Math.Min(nanoseconds / NanosecondsPerTick, long.MaxValue / 4));
        }

        return deadlines;
    }

    private int Ready(byte[] wanted, TimeSpan[] deadlines, TimeSpan elapsed, Span<byte> happened)
    {
        var ready = 0;
        for (var i = 0; i < deadlines.Length; i++)
        {
            var subscription = wanted.AsSpan(i * SubscriptionBytes, SubscriptionBytes);
            var tag = subscription[8];
            var errno = Errno.Success;
            if (tag == ClockTag)
            {
                if (deadlines[i] > elapsed)
                {
                    continue;
                }

                errno = BinaryPrimitives.ReadUInt32LittleEndian(subscription[16..]) > 1 ? Errno.Inval : Errno.Success;
            }
            else
            {
                var descriptor = tag > WriteTag ? null : process.Find(BinaryPrimitives.ReadInt32LittleEndian(subscription[16..]));
                if (descriptor is not null && !(tag == WriteTag ? descriptor.CanWrite : descriptor.CanRead))
                {
                    continue;
                }

                errno = descriptor is null ? Errno.BadF : Errno.Success;
            }

            var occurred = happened.Slice(ready++ * EventBytes, EventBytes);
            occurred.Clear();
            subscription[..8].CopyTo(occurred);
            BinaryPrimitives.WriteUInt16LittleEndian(occurred[8..], (ushort)errno);
            occurred[10] = tag;
            if (tag != ClockTag)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(occurred[16..], 1);
            }
        }

        return ready;
    }
}
