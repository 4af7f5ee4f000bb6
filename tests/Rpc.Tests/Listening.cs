namespace Wetware.Rpc.Tests;

/// <summary>Tests that listen to spans and metrics, which belong to the process: they run alone.</summary>
[CollectionDefinition(nameof(Listening), DisableParallelization = true)]
public sealed class Listening;
