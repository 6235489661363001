using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Weft.Proxy.Routing;

/// <summary>What a request is matched by.</summary>
/// <param name="Target">The path with the query, undecoded, as the caller wrote it or the listener made it.</param>
/// <param name="PathLength">The length of the path within <paramref name="Target"/>.</param>
internal readonly record struct RequestFacts(
    string Method, string Scheme, string Host, string Target, int PathLength, IHeaderDictionary Headers)
{
    private const string Grpc = "application/grpc";

    /// <summary>What becomes of the request because of its path.</summary>
    public PathVerdict Verdict { get; init; }

    public ReadOnlySpan<char> Path => Target.AsSpan(0, PathLength);

    /// <summary>What stands between the question mark and the fragment, if there are any.</summary>
    public ReadOnlySpan<char> Query
    {
        get
        {
            if (PathLength == Target.Length || Target[PathLength] != '?')
            {
                return [];
            }

            var query = Target.AsSpan(PathLength + 1);
            var end = query.IndexOf('#');
            return end < 0 ? query : query[..end];
        }
    }

    /// <summary>As in Envoy the content type is <c>application/grpc</c>, or goes on after it with a plus.</summary>
    public bool IsGrpc =>
        Headers.ContentType.ToString() is var type
        && type.StartsWith(Grpc, StringComparison.Ordinal)
        && (type.Length == Grpc.Length || type[Grpc.Length] == '+');

    /// <param name="paths">What is made of the path first.</param>
    public static RequestFacts Of(HttpContext context, PathNormalization paths)
    {
        var request = context.Request;
        var (target, verdict) = paths.Apply(
            OriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget));
        var end = target.AsSpan().IndexOfAny('?', '#');
        return new(
            request.Method, request.Scheme, request.Host.Value ?? "", target, end < 0 ? target.Length : end,
            request.Headers)
        {
            Verdict = verdict,
        };
    }

    public static RequestFacts Of(
        string method, string host, string target, IHeaderDictionary headers)
    {
        var end = target.AsSpan().IndexOfAny('?', '#');
        return new(method, "http", host, target, end < 0 ? target.Length : end, headers);
    }

    /// <summary>The first value of a header; null where it is absent.</summary>
    public string? Header(string name) => Values(name) is { Count: > 0 } values ? values[0] : null;

    /// <summary>The values of a header, in their order; none where it is absent.</summary>
    public StringValues Values(string name) => name switch
    {
        ":method" => Method,
        ":path" => Target,
        ":authority" => Host,
        ":scheme" => Scheme,
        _ => Headers.TryGetValue(name, out var values) ? values : default,
    };

    /// <summary>Cuts scheme and host off the absolute form that callers of HTTP/1.1 proxies use.</summary>
    private static string OriginForm(string target)
    {
        if (target.StartsWith('/'))
        {
            return target;
        }

        var host = target.IndexOf("://", StringComparison.Ordinal);
        if (host < 0)
        {
            // "*" or an authority: no route can match it.
            return target;
        }

        var path = target.AsSpan(host + 3).IndexOfAny('/', '?');
        var rest = path < 0 ? "" : target[(host + 3 + path)..];
        return rest.StartsWith('/') ? rest : $"/{rest}";
    }
}
