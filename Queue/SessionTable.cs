using Wetware.Core;
using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>
/// Makes retries exactly-once (Ongaro 2014, section 6.3): a command that carries a session and a sequence number is applied once, and
/// its reply is kept for whoever asks again. Sessions end by the replicated clock, the longest idle first, and when there are too
/// many of them or of their bytes. A command of a session that ended is refused, never applied a second time.
/// Invariant: the list from <c>_oldest</c> to <c>_newest</c> is ordered by last use.
/// </summary>
internal sealed class SessionTable
{
    private readonly Dictionary<ulong, Session> _byId = [];
    private readonly Arena _replies = new();
    private Session? _oldest;
    private Session? _newest;
    private ulong _hashSum;

    /// <summary>The number that the next session gets; counts from 1.</summary>
    public ulong NextId { get; private set; } = 1;

    public int Count => _byId.Count;

    public ulong Digest => StateHash.Mix(_hashSum, NextId);

    public Session? Oldest => _oldest;

    public Session Open(ulong clock)
    {
        if (_byId.Count == QueueLimits.SessionsMax)
        {
            End(_oldest!);
        }

        var session = new Session(NextId++) { LastUsed = clock };
        _byId.Add(session.Id, session);
        Append(session);
        _hashSum += session.Seal();
        return session;
    }

    public bool Close(ulong id)
    {
        if (!_byId.TryGetValue(id, out var session))
        {
            return false;
        }

        End(session);
        return true;
    }

    /// <summary>Ends the sessions that were silent for too long.</summary>
    public void Expire(ulong clock)
    {
        while (_oldest is not null && _oldest.LastUsed + QueueLimits.SessionIdleMilliseconds <= clock)
        {
            End(_oldest);
        }
    }

    public Session? Find(ulong id) => _byId.GetValueOrDefault(id);

    /// <summary>Marks the session as used now.</summary>
    public void Use(Session session, ulong clock)
    {
        Invariant.Check(clock >= session.LastUsed);
        Unlink(session);
        Append(session);
        session.LastUsed = clock;
        _hashSum += session.Seal();
    }

    /// <summary>The kept reply bytes of a place of the session's window.</summary>
    public ReadOnlySpan<byte> Reply(Session session, int place) => _replies.Read(session.Replies[place]);

    /// <summary>Keeps a reply in place of the one a window before.</summary>
    public void Keep(Session session, ulong sequence, ReadOnlySpan<byte> reply)
    {
        var place = (int)(sequence % QueueLimits.SessionWindow);
        Invariant.Check(session.Sequences[place] < sequence);
        _replies.Free(session.Replies[place]);
        session.Sequences[place] = sequence;
        session.Replies[place] = _replies.Store(reply);
        session.ReplyHashes[place] = StateHash.Of(reply);
        _hashSum += session.Seal();
        while (_replies.BytesUsed > QueueLimits.SessionBytesTotalMax)
        {
            End(_oldest!);
        }
    }

    /// <summary>What there is now, to be read on any thread until <see cref="Release"/>. One at a time.</summary>
    public FrozenSessions Freeze() => new(this, _replies.Freeze());

    /// <summary>Nobody reads what was frozen any more.</summary>
    public void Release() => _replies.Release();

    /// <summary>Puts back what a snapshot says of the numbering. Sessions follow from the longest idle to the newest.</summary>
    public void RestoreNextId(ulong nextId) => NextId = nextId;

    public Session Restore(ulong id, ulong lastUsed)
    {
        var session = new Session(id) { LastUsed = lastUsed };
        _byId.Add(id, session);
        Append(session);
        _hashSum += session.Seal();
        return session;
    }

    private void End(Session session)
    {
        foreach (ref readonly var reply in session.Replies.AsSpan())
        {
            _replies.Free(reply);
        }

        _hashSum += session.Unseal();
        Unlink(session);
        _byId.Remove(session.Id);
    }

    private void Append(Session session)
    {
        session.Older = _newest;
        session.Newer = null;
        if (_newest is null)
        {
            _oldest = session;
        }
        else
        {
            _newest.Newer = session;
        }

        _newest = session;
    }

    private void Unlink(Session session)
    {
        if (session.Older is null)
        {
            _oldest = session.Newer;
        }
        else
        {
            session.Older.Newer = session.Newer;
        }

        if (session.Newer is null)
        {
            _newest = session.Older;
        }
        else
        {
            session.Newer.Older = session.Older;
        }

        session.Older = null;
        session.Newer = null;
    }
}
