using Wetware.Core.Multiformats;
using Wetware.Wasm;

namespace Wetware.Host.Processes;

/// <summary>What to run, and with what.</summary>
internal sealed record ProcessSpec(
    Cid Cid, CompiledModule Module, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, ProcessStreams Streams);
