using System.Collections.Immutable;

namespace Weft.Plugins;

/// <summary>A request that a plugin is tried with, and what the server answers.</summary>
/// <param name="Headers">All of them, those with a colon before their name, too.</param>
/// <param name="Body">Its body; null for none.</param>
/// <param name="Status">The server's status.</param>
/// <param name="ResponseHeaders">The server's headers, without the status.</param>
/// <param name="ResponseBody">The server's body; null for none.</param>
internal sealed record SampleRequest(
    ImmutableArray<(string Name, string Value)> Headers,
    string? Body = null,
    int Status = 200,
    ImmutableArray<(string Name, string Value)> ResponseHeaders = default,
    string? ResponseBody = null)
{
    private static readonly (string Name, string Value)[] Usual = [(":authority", "test"), (":scheme", "http")];

    /// <summary>Properties of the stream that the proxy would know, such as <c>source.address</c>.</summary>
    public ImmutableArray<(string Name, string Value)> Properties { get; init; } = [];

    /// <summary>What clusters answer that the plugin calls; <c>*</c> stands for any.</summary>
    public ImmutableArray<SampleAnswer> Answers { get; init; } = [];

    /// <summary>The headers of a line such as <c>GET /path</c>, and further ones.</summary>
    public static ImmutableArray<(string Name, string Value)> HeadersOf(
        string line, IReadOnlyList<(string Name, string Value)> more)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return
        [
            (":method", line[..space]),
            (":path", line[(space + 1)..]),
            .. Usual.Where(u => more.All(m => m.Name != u.Name)),
            .. more,
        ];
    }
}

/// <summary>What a cluster answers to a call of a plugin.</summary>
internal sealed record SampleAnswer(string Cluster, int Status, string Body);
