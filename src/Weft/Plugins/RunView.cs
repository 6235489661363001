using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Weft.Plugins;

/// <summary>What a plugin did with a request: what <c>weft plugin run --json</c> prints.</summary>
/// <param name="Outcome"><c>passed</c>, <c>answered</c> by the plugin, <c>held</c> or <c>reset</c>.</param>
/// <param name="Request">What it changed of the request.</param>
/// <param name="Response">The response as the client gets it; null where there is none.</param>
/// <param name="Failure">Why the plugin's machine has failed; null where it has not.</param>
internal sealed record RunView(
    string Outcome,
    MessageView Request,
    ResponseView? Response,
    ImmutableArray<LogView> Log,
    ImmutableArray<MetricView> Metrics,
    ImmutableArray<CallView> Calls,
    string? Failure);

/// <summary>What changed of a message. A value that changed is removed and added.</summary>
/// <param name="Body">The body that went on, where it is another.</param>
internal record MessageView(ImmutableArray<HeaderView> Removed, ImmutableArray<HeaderView> Added, string? Body);

/// <inheritdoc/>
internal sealed record ResponseView(
    int Status, ImmutableArray<HeaderView> Removed, ImmutableArray<HeaderView> Added, string? Body)
    : MessageView(Removed, Added, Body);

/// <summary>A header.</summary>
internal sealed record HeaderView(string Name, string Value);

/// <summary>A line of the log.</summary>
internal sealed record LogView(string Level, string Message);

/// <summary>A metric.</summary>
/// <param name="Count">How often a histogram was recorded; <c>Value</c> is the sum.</param>
internal sealed record MetricView(string Kind, string Name, ulong Value, long? Count);

/// <summary>A call that the plugin made.</summary>
/// <param name="Answer">The status that it got; null where nothing was to be had.</param>
internal sealed record CallView(string Cluster, string Request, int? Answer);

/// <summary>How the views are written: camel case, nothing for null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(RunView))]
[JsonSerializable(typeof(BenchView))]
internal sealed partial class PluginJson : JsonSerializerContext;
