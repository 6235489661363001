using System.Buffers;

namespace Weft.Wasm.Host;

/// <content>What the plugin calls while one of the stream's callbacks runs.</content>
public sealed partial class HttpExchange
{
    /// <inheritdoc/>
    public override void ClearRouteCache() => _host.ClearRouteCache();

    internal override HeaderMap? MapToRead(MapKind kind, out AbiStatus whyNot)
    {
        whyNot = _isLogging ? AbiStatus.NotFound : AbiStatus.BadArgument;
        return kind switch
        {
            MapKind.RequestHeaders => _isLogging ? _loggedRequest : _requestHeaders,
            MapKind.RequestTrailers => _isLogging ? null : _requestTrailers,
            MapKind.ResponseHeaders => _isLogging ? _loggedResponse : _responseHeaders,
            MapKind.ResponseTrailers => _isLogging ? _loggedTrailers : _responseTrailers,
            _ => _plugin.CallMap(kind),
        };
    }

    internal override HeaderMap? MapToWrite(MapKind kind) => kind switch
    {
        MapKind.RequestHeaders => _requestHeaders,
        MapKind.RequestTrailers => _requestTrailers ??= AddedRequest(),
        MapKind.ResponseHeaders => _responseHeaders,
        MapKind.ResponseTrailers => _responseTrailers ??= AddedResponse(),
        _ => null,
    };

    internal override void MapChanged(MapKind kind)
    {
        if (kind == MapKind.RequestHeaders)
        {
            _host.ClearRouteCache();
        }
    }

    internal override bool TryGetBuffer(BufferKind kind, out ReadOnlySpan<byte> bytes)
    {
        if (Body(kind) is not { } body)
        {
            return base.TryGetBuffer(kind, out bytes);
        }

        bytes = body.Span;
        return true;
    }

    internal override AbiStatus SetBuffer(BufferKind kind, uint start, uint length, ReadOnlySpan<byte> bytes) =>
        Body(kind) is { } body ? body.Set(start, length, bytes) : base.SetBuffer(kind, start, length, bytes);

    internal override AbiStatus Continue(StreamKind stream)
    {
        if (stream is StreamKind.Downstream or StreamKind.Upstream)
        {
            return base.Continue(stream);
        }

        // Within its own callback it is as if the callback returned it.
        if (_running == stream)
        {
            _goesOn = true;
            return AbiStatus.Ok;
        }

        Vm.Defer(() => _host.Continue(stream));

        // As Envoy does, whichever direction it is.
        (_requestHeaders, _requestTrailers, _seesRequestBody, _holdsRequestBody) = (null, null, false, false);
        if (stream == StreamKind.Response)
        {
            (_seesResponseBody, _holdsResponseBody) = (false, false);
        }

        return AbiStatus.Ok;
    }

    internal override AbiStatus Close(StreamKind stream)
    {
        if (stream is StreamKind.Request or StreamKind.Response)
        {
            Vm.Defer(() => _host.Close(stream));
        }

        return AbiStatus.Ok;
    }

    internal override void Answer(LocalResponse response)
    {
        // Only the first counts: the others need not be kept until the callback has returned.
        if (!_willAnswer)
        {
            _willAnswer = true;
            Vm.Defer(() => SendOnce(response));
        }
    }

    internal override bool TryFindProperty(ReadOnlySpan<byte> path, IBufferWriter<byte> value) =>
        TryFindInHeaders(path, value) || _host.TryGetProperty(path, value) || base.TryFindProperty(path, value);

    internal override AbiStatus SetProperty(ReadOnlySpan<byte> path, ReadOnlySpan<byte> value) =>
        _host.SetProperty(path, value);

    private bool TryFindInHeaders(ReadOnlySpan<byte> path, IBufferWriter<byte> value)
    {
        if (path.StartsWith("request\0"u8))
        {
            return (_requestHeaders ?? _loggedRequest) is { } headers
                && HeaderProperties.TryGetOfRequest(path["request\0"u8.Length..], headers, value);
        }

        if (!path.StartsWith("response\0"u8))
        {
            return false;
        }

        var field = path["response\0"u8.Length..];
        return ((_responseHeaders ?? _loggedResponse) is { } first && HeaderProperties.TryGetMap(field, "headers"u8, first, value))
            || ((_responseTrailers ?? _loggedTrailers) is { } last && HeaderProperties.TryGetMap(field, "trailers"u8, last, value));
    }

    private BodyBuffer? Body(BufferKind kind) => kind switch
    {
        BufferKind.RequestBody when _seesRequestBody => RequestBody,
        BufferKind.ResponseBody when _seesResponseBody => ResponseBody,
        _ => null,
    };

    // At the end of a body that has no trailers, a plugin may begin some.
    private HeaderMap? AddedRequest() => _seesRequestBody && _endsWithThis ? AddedRequestTrailers ??= new() : null;

    private HeaderMap? AddedResponse() => _seesResponseBody && _endsWithThis ? AddedResponseTrailers ??= new() : null;
}
