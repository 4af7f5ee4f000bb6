namespace Wetware.Capnp;

/// <summary>A message under construction needs more memory than its <see cref="BuildBudget"/> has left. What was built stands.</summary>
public sealed class BuildBudgetException(string message) : Exception(message);
