using Weft.Bpf;

namespace Weft.Agent.Trace;

/// <summary>What is traced, and for how long.</summary>
/// <param name="Duration">Null until it is ended.</param>
/// <param name="Count">The most records.</param>
/// <param name="Type">The structure that records are; null to find out.</param>
/// <param name="Values">Variables that are set before, <c>name=value</c>.</param>
/// <param name="Backend">What loads the object.</param>
internal sealed record TraceSettings(TimeSpan? Duration, long Count, string? Type, IReadOnlyList<string> Values, BpfBackend Backend);
