namespace Wetware.Rpc.Hooks;

/// <summary>What is promised the results of a call that the peer made here, besides the peer.</summary>
internal abstract record Taker;
