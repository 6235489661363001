using Weft.Proxy.Filters;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>One request and its response, as a plugin sees them.</summary>
internal sealed partial class WasmRun : IHttpFilterRun
{
    private readonly WasmSlot _slot;
    private readonly HttpFilterExchange _known;
    private readonly HttpExchange _exchange;
    private readonly HeaderMap _requestHeaders = new();
    private readonly HeaderMap _responseHeaders = new();
    private readonly HeldDirection _request = new();
    private readonly HeldDirection _response = new();
    private HttpFilterHeaders? _requestView;
    private HttpFilterHeaders? _responseView;
    private HeaderMap? _trailers;
    private LocalResponse? _answer;
    private bool _isReset;
    private bool _isOver;

    private WasmRun(WasmSlot slot, HttpFilterExchange known, out bool passes)
    {
        (_slot, _known) = (slot, known);
        _began = slot.Host.Time.GetUtcNow();
        using (slot.Enter())
        {
            var exchange = slot.Open(this);
            passes = exchange is null;
            _exchange = exchange!;
        }
    }

    /// <inheritdoc/>
    public bool SeesRequestBody => _slot.Module.Exports("proxy_on_request_body");

    /// <inheritdoc/>
    public bool SeesResponseBody => _slot.Module.Exports("proxy_on_response_body");

    /// <summary>Begins to look at a request; null where it passes without the plugin.</summary>
    public static WasmRun? Begin(WasmSlot slot, HttpFilterExchange known)
    {
        var run = new WasmRun(slot, known, out var passes);
        return passes ? null : run;
    }

    /// <inheritdoc/>
    public async ValueTask<HttpFilterReply?> OnRequestHeadersAsync(HttpFilterHeaders headers, bool isEnd, CancellationToken cancellation)
    {
        _requestView = headers;
        Task? held;
        int version;
        using (_slot.Enter())
        {
            Fill(_requestHeaders, headers, "proxy_on_request_headers");
            version = _requestHeaders.Version;
            _request.Begin();
            held = _request.AfterHeaders(_exchange.OnRequestHeaders(_requestHeaders, isEnd));
        }

        if (held is not null)
        {
            await held.WaitAsync(cancellation);
        }

        return TakeAnswer() ?? Changed(headers, _requestHeaders, version);
    }

    /// <inheritdoc/>
    public async ValueTask<HttpFilterReply?> OnResponseHeadersAsync(HttpFilterHeaders headers, CancellationToken cancellation)
    {
        _responseView = headers;
        if (TakeAnswer() is { } early)
        {
            return early;
        }

        Task? held;
        int version;
        using (_slot.Enter())
        {
            Fill(_responseHeaders, headers, "proxy_on_response_headers");
            version = _responseHeaders.Version;
            _response.Begin();
            held = _response.AfterHeaders(_exchange.OnResponseHeaders(_responseHeaders, IsWithoutBody));
        }

        if (held is not null)
        {
            await held.WaitAsync(cancellation);
        }

        return TakeAnswer() ?? Changed(headers, _responseHeaders, version);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> OnRequestBodyAsync(ReadOnlyMemory<byte> piece, bool isEnd, CancellationToken cancellation)
    {
        Task? held;
        using (_slot.Enter())
        {
            _request.Begin();
            held = _request.AfterBody(_exchange.OnRequestBody(piece.Span, isEnd), _exchange.RequestBody, isEnd);
        }

        if (held is not null)
        {
            await held.WaitAsync(cancellation);
        }

        return TakeAnswer() is { } answer ? throw new HttpFilterAnswerException(answer) : Take(_request);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> OnResponseBodyAsync(ReadOnlyMemory<byte> piece, bool isEnd, CancellationToken cancellation)
    {
        Task? held;
        using (_slot.Enter())
        {
            _response.Begin();
            held = _response.AfterBody(_exchange.OnResponseBody(piece.Span, isEnd), _exchange.ResponseBody, isEnd);
        }

        if (held is not null)
        {
            await held.WaitAsync(cancellation);
        }

        if (TakeAnswer() is not null)
        {
            // Another answer has begun: as Envoy does, the stream is reset.
            _known.Http.Abort();
            throw new OperationCanceledException("The plugin answers after the response has begun.");
        }

        return Take(_response);
    }

    /// <inheritdoc/>
    public async ValueTask OnResponseTrailersAsync(HttpFilterHeaders trailers, CancellationToken cancellation)
    {
        Task? held;
        int version;
        _trailers = new();
        using (_slot.Enter())
        {
            Fill(_trailers, trailers, "proxy_on_response_trailers");
            version = _trailers.Version;
            _response.Begin();
            held = _response.AfterHeaders(_exchange.OnResponseTrailers(_trailers));
        }

        if (held is not null)
        {
            await held.WaitAsync(cancellation);
        }

        Changed(trailers, _trailers, version);
    }

    /// <summary>The access log is written, and the plugin lets the stream go.</summary>
    public void Dispose()
    {
        using (_slot.Enter())
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            if (_slot.Module.Exports("proxy_on_log"))
            {
                _exchange.OnLog(LoggedRequest(), LoggedResponse(), _trailers);
            }

            _exchange.OnDestroy();
        }
    }

    private bool IsWithoutBody =>
        Microsoft.AspNetCore.Http.HttpMethods.IsHead(_known.Http.Request.Method)
        || _known.Http.Response is { StatusCode: 204 or 304 } or { ContentLength: 0 };

    private static HttpFilterReply? Changed(HttpFilterHeaders headers, HeaderMap map, int version)
    {
        if (map.Version != version)
        {
            HeaderCopy.Back(headers, map);
        }

        return null;
    }

    private void Fill(HeaderMap map, HttpFilterHeaders headers, string callback)
    {
        if (_slot.Module.Exports(callback))
        {
            map.Clear();
            HeaderCopy.Fill(map, headers.All);
        }
    }

    private ReadOnlyMemory<byte> Take(HeldDirection direction)
    {
        using (_slot.Enter())
        {
            return direction.Take();
        }
    }

    /// <summary>The headers as they were sent on, which others may have changed after the plugin.</summary>
    private HeaderMap? LoggedRequest() => Map(_requestView);

    private HeaderMap? LoggedResponse() => Map(_responseView);

    private static HeaderMap? Map(HttpFilterHeaders? headers)
    {
        if (headers is null)
        {
            return null;
        }

        var map = new HeaderMap();
        HeaderCopy.Fill(map, headers.All);
        return map;
    }
}
