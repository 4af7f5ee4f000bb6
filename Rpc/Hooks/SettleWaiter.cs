namespace Wetware.Rpc.Hooks;

/// <summary>Waits until a chain of promises has settled to its end.</summary>
internal sealed class SettleWaiter : ISettleListener
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when nothing on the way from <paramref name="hook"/> is a promise any more.</summary>
    public static Task For(ClientHook hook)
    {
        var end = hook.Innermost();
        if (!end.IsUnsettled)
        {
            return Task.CompletedTask;
        }

        var waiter = new SettleWaiter();
        end.WhenSettled(waiter);
        return waiter._done.Task;
    }

    public void Settled(ClientHook promise)
    {
        var end = promise.Innermost();
        if (end.IsUnsettled)
        {
            end.WhenSettled(this);
        }
        else
        {
            _done.TrySetResult();
        }
    }
}
