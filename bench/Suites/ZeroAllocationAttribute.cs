namespace Wetware.Bench.Suites;

/// <summary>A benchmark whose operation must not allocate: the run fails if it does.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ZeroAllocationAttribute : Attribute;
