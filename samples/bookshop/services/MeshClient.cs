namespace Bookshop;

/// <summary>Body and whether the status was 2xx.</summary>
internal sealed record MeshAnswer(bool Ok, string Body);

/// <summary>
/// Calls other services by name. The connection goes to the proxy beside this program, the Host header names the
/// service; the proxy does the rest.
/// </summary>
internal sealed class MeshClient(Uri proxy) : IDisposable
{
    // What belongs to the whole chain of calls and not to one call. A proxy cannot do this for the application: it
    // does not know which call was made for which request.
    private static readonly string[] Forwarded = ["x-envoy-flow-tag", "traceparent", "tracestate", "x-request-id"];

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        // Each service passes its caller's headers on itself, as any language can.
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    public async Task<MeshAnswer> GetAsync(
        string service, HttpRequest? cause = null, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, proxy);
        request.Headers.Host = service;
        foreach (var name in Forwarded)
        {
            if (cause?.Headers[name] is { Count: > 0 } values)
            {
                request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        try
        {
            using var answer = await _http.SendAsync(request, cancellation);
            var body = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode ? new(true, body) : new(false, $"{(int)answer.StatusCode} {body}");
        }
        catch (HttpRequestException e)
        {
            return new(false, e.Message);
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(false, "no answer in 10 s");
        }
    }

    public void Dispose() => _http.Dispose();
}
