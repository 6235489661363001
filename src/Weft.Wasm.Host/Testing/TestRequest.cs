using System.Buffers;
using System.Text;

namespace Weft.Wasm.Host.Testing;

/// <summary>A request that the plugin looks at, in a test.</summary>
public sealed class TestRequest : IStreamHost
{
    private readonly TestWorker _worker;
    private readonly HttpExchange? _exchange;
    private readonly TestDirection _request;
    private readonly TestDirection _response;
    private bool _isEnded;

    internal TestRequest(
        TestWorker worker,
        Func<IStreamHost, HttpExchange?> open,
        (string Name, string Value)[] headers,
        bool endOfStream)
    {
        _worker = worker;
        _exchange = open(this);
        var (requestBody, responseBody) = (_exchange?.RequestBody ?? new(), _exchange?.ResponseBody ?? new());
        _request = new(
            (map, end) => _exchange?.OnRequestHeaders(map, end) ?? StreamAction.Continue,
            (part, end) => _exchange?.OnRequestBody(part, end) ?? Keep(requestBody, part),
            map => _exchange?.OnRequestTrailers(map) ?? StreamAction.Continue,
            requestBody);
        _response = new(
            (map, end) => _exchange?.OnResponseHeaders(map, end) ?? StreamAction.Continue,
            (part, end) => _exchange?.OnResponseBody(part, end) ?? Keep(responseBody, part),
            map => _exchange?.OnResponseTrailers(map) ?? StreamAction.Continue,
            responseBody);
        Fill(headers);
        worker.Test.Settings.Properties?.Invoke(Properties);
        _request.Begin(endOfStream);
    }

    /// <summary>The request's headers, as the plugin has left them.</summary>
    public HeaderMap Headers => _request.Headers;

    /// <summary>
    /// The request's trailers, those that came or those that the plugin has added; null where there are none.
    /// </summary>
    public HeaderMap? Trailers => _request.Trailers ?? _exchange?.AddedRequestTrailers;

    /// <summary>What the plugin wanted last of the request.</summary>
    public StreamAction Action => _request.Action;

    /// <summary>Whether the plugin holds the request.</summary>
    public bool IsHeld => Response is null && _request.IsHeld;

    /// <summary>The body that went on to the server so far, as text.</summary>
    public string Body => Encoding.UTF8.GetString(_request.Passed);

    /// <summary>The answer that the plugin, or the host for it, has given; null where it has not.</summary>
    public LocalResponse? LocalResponse { get; private set; }

    /// <summary>The response: of <see cref="Respond"/>, or the plugin's own; null before.</summary>
    public TestResponse? Response { get; private set; }

    /// <summary>Whether the plugin has ended the stream without an answer.</summary>
    public bool IsReset { get; private set; }

    /// <summary>How often the route was picked anew.</summary>
    public int RouteCacheClears { get; private set; }

    /// <summary>The stream's properties; those of headers are there by themselves.</summary>
    public TestProperties Properties { get; } = new();

    /// <summary>A part of the body comes.</summary>
    /// <returns>The request itself.</returns>
    public TestRequest Send(string part, bool endOfStream = false) => Send(Encoding.UTF8.GetBytes(part), endOfStream);

    /// <inheritdoc cref="Send(string, bool)"/>
    public TestRequest Send(ReadOnlySpan<byte> part, bool endOfStream = false)
    {
        _request.Send(part.ToArray(), endOfStream);
        _worker.Test.Drain();
        return this;
    }

    /// <summary>Trailers come, and end the request.</summary>
    /// <returns>The request itself.</returns>
    public TestRequest SendTrailers(params (string Name, string Value)[] trailers)
    {
        _request.SendTrailers(Map(trailers));
        _worker.Test.Drain();
        return this;
    }

    /// <summary>The server answers without a body.</summary>
    public TestResponse Respond(int status, params (string Name, string Value)[] headers) =>
        Answer(status, headers, endOfStream: true);

    /// <summary>
    /// The server begins an answer with a body: <see cref="TestResponse.Send(string, bool)"/> follows.
    /// </summary>
    public TestResponse BeginResponse(int status, params (string Name, string Value)[] headers) =>
        Answer(status, headers, endOfStream: false);

    /// <summary>The stream ends: the access log is written, and the plugin lets it go.</summary>
    public void End()
    {
        if (!_isEnded)
        {
            _isEnded = true;
            _exchange?.OnLog(Headers, Response is null ? null : _response.Headers, _response.Trailers);
            _exchange?.OnDestroy();
            _worker.Test.Drain();
        }
    }

    void IStreamHost.Continue(StreamKind stream) => (stream == StreamKind.Request ? _request : _response).Continue();

    void IStreamHost.Close(StreamKind stream) => IsReset = true;

    void IStreamHost.SendLocalResponse(LocalResponse response)
    {
        LocalResponse = response;
        if (Response is not null)
        {
            return; // The server's has begun: Envoy resets the stream.
        }

        // Envoy shows the plugin its own answers, too.
        _response.Headers.AddAll(response.Headers);
        Answer(response.Status, [], response.Body.IsEmpty).SendOwn(response.Body);
    }

    void IStreamHost.ClearRouteCache() => RouteCacheClears++;

    bool IStreamHost.TryGetProperty(ReadOnlySpan<byte> path, IBufferWriter<byte> value) =>
        Properties.TryGet(path, value);

    AbiStatus IStreamHost.SetProperty(ReadOnlySpan<byte> path, ReadOnlySpan<byte> value)
    {
        Properties.Set(path, value);
        return AbiStatus.Ok;
    }

    internal void Drain() => _worker.Test.Drain();

    internal static HeaderMap Map(IEnumerable<(string Name, string Value)> headers)
    {
        var map = new HeaderMap();
        foreach (var (name, value) in headers)
        {
            map.Add(name, value);
        }

        return map;
    }

    private static StreamAction Keep(BodyBuffer body, ReadOnlySpan<byte> part)
    {
        body.Append(part);
        return StreamAction.Continue;
    }

    private void Fill((string Name, string Value)[] headers)
    {
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
            [(":authority", "test"), (":path", "/"), (":method", "GET"), (":scheme", "http")])
        {
            if (!headers.Any(h => h.Name == name))
            {
                Headers.Add(name, value);
            }
        }

        Headers.AddAll(Map(headers));
    }

    private TestResponse Answer(int status, (string Name, string Value)[] headers, bool endOfStream)
    {
        Response = new(this, _response, status);
        Properties.Set("response.code", status);
        _response.Headers.Replace(":status"u8, Encoding.ASCII.GetBytes($"{status}"));
        _response.Headers.AddAll(Map(headers));
        _response.Begin(endOfStream);
        Drain();
        return Response;
    }
}
