using System.Collections.Frozen;
using Weft.Proxy.Upstream;

namespace Weft.Proxy.Filters;

/// <summary>Requests that filters themselves send to clusters.</summary>
internal sealed class ClusterCalls
{
    private Func<FrozenDictionary<string, UpstreamCluster>> _clusters = () => FrozenDictionary<string, UpstreamCluster>.Empty;

    /// <summary>Says where the clusters are; before, there are none.</summary>
    public void Use(Func<FrozenDictionary<string, UpstreamCluster>> clusters) => _clusters = clusters;

    public bool Has(string cluster) => _clusters().ContainsKey(cluster);

    public async Task<HttpFilterCallAnswer> SendAsync(
        string name, HttpRequestMessage request, int mostBytes, CancellationToken cancellation)
    {
        if (!_clusters().TryGetValue(name, out var cluster) || cluster.Config.LooksUp || !cluster.Pool.TryEnter())
        {
            throw new HttpRequestException($"there is no cluster {name} to call");
        }

        try
        {
            if (cluster.Balancer.Pick() is not { } endpoint)
            {
                cluster.Stats.NoneHealthy.Increment();
                throw new HttpRequestException("no healthy upstream");
            }

            request.RequestUri = new(
                endpoint.Origin + request.RequestUri, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            (request.Version, request.VersionPolicy) = (VersionOf(cluster), HttpVersionPolicy.RequestVersionExact);
            return await CountedAsync(cluster, request, mostBytes, cancellation);
        }
        finally
        {
            cluster.Pool.Leave();
        }
    }

    private static Version VersionOf(UpstreamCluster cluster) =>
        cluster.Config.Protocol == UpstreamProtocol.Http2 ? System.Net.HttpVersion.Version20 : System.Net.HttpVersion.Version11;

    private static async Task<HttpFilterCallAnswer> CountedAsync(
        UpstreamCluster cluster, HttpRequestMessage request, int mostBytes, CancellationToken cancellation)
    {
        cluster.Stats.Requests.Increment();
        cluster.Stats.Active.Increment();
        try
        {
            using var response = await cluster.Pool.Invoker.SendAsync(request, cancellation);
            var answer = await ReadAsync(response, mostBytes, cancellation);
            cluster.Stats.Responses.Add(answer.Status);
            return answer;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            cluster.Stats.Responses.Add(e is OperationCanceledException ? 504 : 503);
            throw e is OperationCanceledException or HttpRequestException ? e : new HttpRequestException(e.Message, e);
        }
        finally
        {
            cluster.Stats.Active.Decrement();
        }
    }

    /// <summary>Reads a response as a whole.</summary>
    /// <exception cref="HttpRequestException">Its body is too large.</exception>
    public static async Task<HttpFilterCallAnswer> ReadAsync(
        HttpResponseMessage response, int mostBytes, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var piece = new byte[16 << 10];
        for (var read = await stream.ReadAsync(piece, cancellation); read > 0; read = await stream.ReadAsync(piece, cancellation))
        {
            if (body.Length + read > mostBytes)
            {
                throw new HttpRequestException($"the answer has more than {mostBytes} bytes");
            }

            body.Write(piece, 0, read);
        }

        return new(
            (int)response.StatusCode,
            [.. Flat(response.Headers.NonValidated), .. Flat(response.Content.Headers.NonValidated)],
            body.ToArray(),
            [.. Flat(response.TrailingHeaders.NonValidated)]);
    }

    private static IEnumerable<KeyValuePair<string, string>> Flat(System.Net.Http.Headers.HttpHeadersNonValidated headers) =>
        headers.SelectMany(h => h.Value, (h, value) => KeyValuePair.Create(h.Key.ToLowerInvariant(), value));
}
