namespace Weft.Wasm.Host;

/// <content>Bodies.</content>
public sealed partial class HttpExchange
{
    private bool _holdsRequestBody;
    private bool _holdsResponseBody;
    private bool _seesRequestBody;
    private bool _seesResponseBody;

    /// <summary>
    /// What the plugin made of the request's body: after <see cref="StreamAction.Continue"/>, and after
    /// <see cref="IStreamHost.Continue"/>, the proxy sends it on and calls <see cref="BodyBuffer.Clear"/>.
    /// </summary>
    public BodyBuffer RequestBody { get; } = new();

    /// <summary>The same for the response's body.</summary>
    public BodyBuffer ResponseBody { get; } = new();

    /// <summary>Trailers that the plugin has added to a request that had none; null where it has not.</summary>
    public HeaderMap? AddedRequestTrailers { get; private set; }

    /// <summary>Trailers that the plugin has added to a response that had none; null where it has not.</summary>
    public HeaderMap? AddedResponseTrailers { get; private set; }

    /// <summary>A part of the request's body has come.</summary>
    /// <param name="part">The part; the plugin sees it with what it holds.</param>
    /// <param name="endOfStream">Whether nothing follows.</param>
    public StreamAction OnRequestBody(ReadOnlySpan<byte> part, bool endOfStream)
    {
        if (!_isCreated)
        {
            RequestBody.Append(part);
            return StreamAction.Continue;
        }

        var action = OnBody(
            StreamKind.Request, Vm.Exports.RequestBody, RequestBody, part, endOfStream, ref _holdsRequestBody,
            ref _seesRequestBody);
        Vm.Settle();
        return action;
    }

    /// <summary>A part of the response's body has come.</summary>
    /// <inheritdoc cref="OnRequestBody"/>
    public StreamAction OnResponseBody(ReadOnlySpan<byte> part, bool endOfStream)
    {
        if (!_isCreated || _isFailed)
        {
            ResponseBody.Append(part);
            return StreamAction.Continue;
        }

        var action = OnBody(
            StreamKind.Response, Vm.Exports.ResponseBody, ResponseBody, part, endOfStream, ref _holdsResponseBody,
            ref _seesResponseBody);
        Vm.Settle();
        return action;
    }

    private StreamAction OnBody(
        StreamKind stream,
        Func<int, int, int, int>? export,
        BodyBuffer body,
        ReadOnlySpan<byte> part,
        bool endOfStream,
        ref bool holds,
        ref bool sees)
    {
        if (!holds)
        {
            body.Clear();
        }

        if (!body.Append(part))
        {
            SendOnce(new() { Status = 413, Details = "request_payload_too_large" });
            return StreamAction.Stop;
        }

        _endsWithThis = endOfStream;
        sees = true;
        var name = stream == StreamKind.Request ? "proxy_on_request_body" : "proxy_on_response_body";
        var action = Run(stream, name, export, body.Length, endOfStream, Phase.Body);
        holds = action == StreamAction.Pause;
        sees = action != StreamAction.Continue;
        return action;
    }
}
