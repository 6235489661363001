namespace Weft.Wasm.Host.Testing;

/// <summary>A line of the log.</summary>
/// <param name="Level">How important it is.</param>
/// <param name="Message">The line.</param>
/// <param name="Worker">The worker whose machine wrote it.</param>
public sealed record TestLine(PluginLogLevel Level, string Message, int Worker)
{
    /// <summary>As Envoy names levels: <c>warn: the line</c>.</summary>
    public override string ToString() => $"{Level.ToString().ToLowerInvariant()}: {Message}";
}
