namespace Wetware.Raft.Log;

/// <summary>Trouble of a stored log that a correct program can meet; the message says what happened and what to do about it.</summary>
/// <param name="message">What happened.</param>
/// <param name="inner">What the file system said, if it said anything.</param>
public abstract class LogException(string message, Exception? inner = null) : Exception(message, inner);
