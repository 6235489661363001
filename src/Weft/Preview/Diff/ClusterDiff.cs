using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Extensions.Upstreams.Http.V3;

namespace Weft.Preview;

/// <summary>Clusters that come, go or change, in words.</summary>
internal static class ClusterDiff
{
    private const string HttpOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    public static (ImmutableArray<string> Lines, ImmutableArray<string> Drains) Of(
        string service, Cluster? before, Cluster? after)
    {
        if (before is null || after is null)
        {
            return before is null
                ? ([$"cluster {service} is new: {ProtocolOf(after!)}"], [])
                : ([$"cluster {service} goes: its connections close"], [$"cluster {service}: all its connections"]);
        }

        var (one, other) = (ProtocolOf(before), ProtocolOf(after));
        var lines = new List<string>();
        if (one != other)
        {
            lines.Add($"cluster {service}: {one} → {other}: its connections are replaced");
        }

        var fields = FieldDiff.Of(before, after)
            .Where(f => one == other || !f.Path.StartsWith($"typed_extension_protocol_options[{HttpOptions}]", StringComparison.Ordinal))
            .ToList();
        lines.AddRange(ConfigDiff.Lines(fields).Select(line => $"cluster {service}: {line}"));
        return ([.. lines], one == other ? [] : [$"cluster {service}: connections of {one}"]);
    }

    private static string ProtocolOf(Cluster cluster)
    {
        if (cluster.TypedExtensionProtocolOptions.TryGetValue(HttpOptions, out var any)
            && EnvoyMessages.Of(any.TypeUrl, any.Value) is HttpProtocolOptions options)
        {
            return options switch
            {
                { ExplicitHttpConfig.Http2ProtocolOptions: not null } => "HTTP/2",
                { ExplicitHttpConfig.Http3ProtocolOptions: not null } => "HTTP/3",
                { UseDownstreamProtocolConfig: not null } => "the caller's protocol",
                { AutoConfig: not null } => "a protocol by ALPN",
                _ => "HTTP/1.1",
            };
        }

#pragma warning disable CS0612 // Deprecated in Envoy's API, and still obeyed by Envoy.
        return cluster.Http2ProtocolOptions is not null ? "HTTP/2" : "HTTP/1.1";
#pragma warning restore CS0612
    }
}
