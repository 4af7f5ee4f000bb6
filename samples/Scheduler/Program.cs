using Wetware.Core;
using Wetware.Host;
using Wetware.Host.Storage;
using Wetware.Samples.Scheduler;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(SchedulerOptions.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};
try
{
    await using var scheduler = await SchedulerNode.StartAsync(SchedulerOptions.Parse(args), stop.Token);
    Console.WriteLine($"peer    {scheduler.Node.Peer}");
    Console.WriteLine($"join    {scheduler.Node.Addresses[0]}");
    Console.WriteLine($"tasks   {new Uri(scheduler.Url, "tasks")}");
    await scheduler.Completion.WaitAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (Exception failure) when (failure is FormatException or WetwareException or WetwareOptionsException or StorageException or IOException)
{
    Console.Error.WriteLine($"scheduler: {failure.Message}");
    return 1;
}
