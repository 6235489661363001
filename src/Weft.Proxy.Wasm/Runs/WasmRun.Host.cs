using System.Buffers;
using Weft.Proxy.Filters;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <content>What the plugin asks for. All of it comes within the slot's turn.</content>
internal sealed partial class WasmRun : IStreamHost
{
    private readonly DateTimeOffset _began;

    void IStreamHost.Continue(StreamKind stream)
    {
        if (stream == StreamKind.Request)
        {
            _request.Continue(_exchange.RequestBody);
        }
        else if (stream == StreamKind.Response)
        {
            _response.Continue(_exchange.ResponseBody);
        }
    }

    void IStreamHost.Close(StreamKind stream)
    {
        _isReset = true;
        WakeAll();
        if (!_isOver)
        {
            _known.Http.Abort();
        }
    }

    void IStreamHost.SendLocalResponse(LocalResponse response)
    {
        _answer ??= response;
        if (!_isOver && _known.Http.Response.HasStarted)
        {
            // Too late for another answer: as Envoy does, the stream is reset.
            _known.Http.Abort();
        }

        WakeAll();
    }

    // The proxy chooses the route when the filters have seen the headers: there is nothing to forget.
    void IStreamHost.ClearRouteCache()
    {
    }

    bool IStreamHost.TryGetProperty(ReadOnlySpan<byte> path, IBufferWriter<byte> value) =>
        StreamValues.TryGet(_known.Http, path, value)
        || StreamProperties.TryGet(_known, _began, path, value)
        || TryGetOfHeaders(path, value);

    AbiStatus IStreamHost.SetProperty(ReadOnlySpan<byte> path, ReadOnlySpan<byte> value) =>
        StreamValues.Set(_known.Http, path, value);

    /// <summary>Also when the phase is over in which the plugin may change the headers.</summary>
    private bool TryGetOfHeaders(ReadOnlySpan<byte> path, IBufferWriter<byte> value)
    {
        if (path.StartsWith("request\0"u8))
        {
            return Map(_requestView) is { } request
                && HeaderProperties.TryGetOfRequest(path["request\0"u8.Length..], request, value);
        }

        return path.StartsWith("response\0"u8) && Map(_responseView) is { } response
            && HeaderProperties.TryGetMap(path["response\0"u8.Length..], "headers"u8, response, value);
    }

    private void WakeAll()
    {
        _request.Wake();
        _response.Wake();
    }

    /// <summary>The plugin's answer, once.</summary>
    private HttpFilterReply? TakeAnswer()
    {
        using (_slot.Enter())
        {
            if (_isReset)
            {
                throw new OperationCanceledException("The plugin has ended the stream.", _known.Http.RequestAborted);
            }

            if (_answer is not { } answer || _isAnswerTaken)
            {
                return null;
            }

            _isAnswerTaken = true;
            return Reply.Of(answer, _known.Http.Request);
        }
    }

    private bool _isAnswerTaken;
}
