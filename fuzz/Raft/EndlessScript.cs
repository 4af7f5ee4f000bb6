namespace Wetware.Fuzz.Raft;

/// <summary>Calls made up as they are needed, until somebody says that it is enough.</summary>
internal sealed class EndlessScript<TCall>(Func<TCall> draw) : IScript<TCall>
{
    public bool IsDone { get; private set; }

    public bool TryNext(int client, out TCall call)
    {
        call = IsDone ? default! : draw();
        return !IsDone;
    }

    public void End() => IsDone = true;
}
