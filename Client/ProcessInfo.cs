using Wetware.Core.Multiformats;

namespace Wetware.Client;

/// <summary>A program that runs.</summary>
/// <param name="Pid">Its number on the node.</param>
/// <param name="Parent">The process that started it; 1 is the node itself.</param>
/// <param name="Cid">Its bytecode.</param>
/// <param name="Arguments">What it was started with.</param>
/// <param name="Began">When.</param>
public sealed record ProcessInfo(uint Pid, uint Parent, Cid Cid, IReadOnlyList<string> Arguments, DateTimeOffset Began);
