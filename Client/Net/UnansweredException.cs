using Wetware.Core;

namespace Wetware.Client.Net;

/// <summary>
/// A node kept silent for as long as it was waited for. Unlike one that refuses, or an address where nobody listens, it may answer when it is asked
/// again: a machine that starts many nodes at once is slow.
/// </summary>
internal sealed class UnansweredException(string message, Exception inner) : WetwareException(message, inner);
