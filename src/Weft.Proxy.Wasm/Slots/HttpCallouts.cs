using System.Text;
using Weft.Proxy.Filters;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>Calls of plugins over HTTP, by the proxy's clusters.</summary>
internal sealed class HttpCallouts(WasmSlot slot, HttpFilterHost host)
{
    private static readonly (int Status, string Body) Late = (504, "upstream request timeout");

    /// <summary>Begins a call; its answer comes in the machine's turn.</summary>
    public AbiStatus Send(HttpCallout call)
    {
        if (!host.HasCluster(call.Cluster) || Request(call) is not { } request)
        {
            return AbiStatus.BadArgument;
        }

        _ = SendAsync(call, request);
        return AbiStatus.Ok;
    }

    private async Task SendAsync(HttpCallout call, HttpRequestMessage request)
    {
        // The callback that makes the call has returned before anything else happens.
        await Task.Yield();
        using var _ = request;
        using var canceled = new CancellationTokenSource();
        using var patience = new CancellationTokenSource(call.Timeout ?? Timeout.InfiniteTimeSpan, host.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(canceled.Token, patience.Token);
        using (slot.Enter())
        {
            if (call.IsCanceled)
            {
                return;
            }

            call.WhenCanceled(() => Cancel(canceled));
        }

        try
        {
            var answer = await host.CallAsync(call.Cluster, request, BodyBuffer.MaxBytes, both.Token);
            Respond(call, answer.Status, answer.Headers, answer.Body, answer.Trailers);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !canceled.IsCancellationRequested)
        {
            Respond(call, Late.Status, Late.Body);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits.
        }
        catch (Exception e)
        {
            // As Envoy's router does where it reaches nobody.
            Respond(call, 503, e is HttpRequestException ? e.Message : "upstream connect error");
        }
    }

    private static void Cancel(CancellationTokenSource canceled)
    {
        try
        {
            canceled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call has just ended.
        }
    }

    private void Respond(HttpCallout call, int status, string text) => Respond(
        call, status, [new("content-length", $"{text.Length}"), new("content-type", "text/plain")], Encoding.UTF8.GetBytes(text), []);

    private void Respond(
        HttpCallout call,
        int status,
        IEnumerable<KeyValuePair<string, string>> headers,
        ReadOnlyMemory<byte> body,
        IReadOnlyList<KeyValuePair<string, string>> trailers)
    {
        var map = new HeaderMap();
        map.Add(":status", $"{status}");
        HeaderCopy.Fill(map, headers);
        HeaderMap? last = null;
        if (trailers.Count > 0)
        {
            HeaderCopy.Fill(last = new(), trailers);
        }

        slot.Post(() => call.Respond(map, body, last));
    }

    /// <summary>Null where it cannot be sent as it is.</summary>
    private static HttpRequestMessage? Request(HttpCallout call)
    {
        var path = call.Headers[":path"]!;
        if (!path.StartsWith('/') || path.AsSpan().ContainsAnyInRange('\0', ' '))
        {
            return null;
        }

        HttpRequestMessage request;
        try
        {
            request = new(new HttpMethod(call.Headers[":method"]!), new Uri(path, UriKind.Relative));
        }
        catch (FormatException)
        {
            return null;
        }

        request.Content = call.Body.IsEmpty ? null : new ReadOnlyMemoryContent(call.Body);
        for (var i = 0; i < call.Headers.Count; i++)
        {
            var (name, value) = (Encoding.UTF8.GetString(call.Headers.NameAt(i)), Encoding.UTF8.GetString(call.Headers.ValueAt(i)));
            if (!IsPerConnection(name) && !request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        request.Headers.TryAddWithoutValidation("host", call.Headers[":authority"]);
        return request;
    }

    private static bool IsPerConnection(string name) => name.StartsWith(':')
        || name is "host" or "connection" or "transfer-encoding" or "keep-alive" or "upgrade" or "content-length" or "te";
}
