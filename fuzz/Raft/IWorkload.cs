using Wetware.Core;
using Wetware.Host.Consensus;

namespace Wetware.Fuzz.Raft;

/// <summary>
/// What clients ask of one group, what they are told, and whether that is linearizable. An operation keeps its number over all tries.
/// Numbers count from 1; 0 stands for a command that nobody asked for.
/// </summary>
internal interface IWorkload
{
    /// <summary>Whether commands carry a session, so that one applied twice counts once.</summary>
    bool HasSessions { get; }

    /// <summary>Operations that got an answer.</summary>
    long Answered { get; }

    /// <summary>Whether no client has anything left to ask.</summary>
    bool IsDone { get; }

    IStateMachine NewMachine();

    /// <summary>A client's next request; false if it has none now.</summary>
    bool TryBegin(int client, long now, out ClientRequest request);

    /// <summary>The first replica applies it: there it stands in the log.</summary>
    void Applied(ulong number, LogIndex index, ReadOnlySpan<byte> reply);

    /// <summary>The client hears the answer. Of a query, <paramref name="index"/> is what the replica had applied.</summary>
    void Answer(ulong number, LogIndex index, ReadOnlySpan<byte> reply);

    /// <summary>The client gives up; the request may have taken effect or may yet.</summary>
    void Abandon(ulong number);

    /// <summary>Nothing new is begun, unless there is an end to it.</summary>
    void End();

    /// <summary>Null, or why what clients were told is not linearizable. When nothing is under way any more.</summary>
    string? Check();
}
