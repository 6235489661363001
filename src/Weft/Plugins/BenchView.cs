namespace Weft.Plugins;

/// <summary>How fast a plugin is: what <c>weft plugin bench --json</c> prints.</summary>
/// <param name="Requests">How many requests were measured.</param>
/// <param name="HostCalls">Calls of the host's functions for each request.</param>
/// <param name="MemoryBefore">The machine's memory before the first request, in bytes.</param>
/// <param name="MemoryAfter">The same after the last one.</param>
/// <param name="CompileMilliseconds">To compile the module to machine code, once for a process.</param>
/// <param name="StartMilliseconds">To make a machine and start the plugin in it, once for each worker.</param>
/// <param name="Nanoseconds">A request, with what the host does for it.</param>
internal sealed record BenchView(
    int Requests,
    double HostCalls,
    long MemoryBefore,
    long MemoryAfter,
    double CompileMilliseconds,
    double StartMilliseconds,
    SpreadView Nanoseconds);

/// <summary>How the rounds are spread.</summary>
internal sealed record SpreadView(double Min, double Median, double P99);
