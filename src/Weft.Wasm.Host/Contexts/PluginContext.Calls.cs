namespace Weft.Wasm.Host;

/// <content>Calls over HTTP, and what their callbacks can read.</content>
public sealed partial class PluginContext
{
    /// <summary>How many calls of a plugin may wait for an answer.</summary>
    public const int MaxCalls = 10_000;

    /// <summary>The most that the bodies of calls take that wait for an answer, in bytes.</summary>
    public const long MaxCallBytes = 64 * 1024 * 1024;

    private readonly Dictionary<uint, HttpCallout> _httpCalls = [];
    private ReadOnlyMemory<byte> _configuration;
    private ReadOnlyMemory<byte> _foreignArguments;
    private HeaderMap? _callHeaders;
    private HeaderMap? _callTrailers;
    private ReadOnlyMemory<byte>? _callBody;

    /// <summary>The status of the call whose callback runs, as <c>proxy_get_status</c> gives it.</summary>
    internal uint StatusCode { get; private set; }

    internal string StatusMessage { get; private set; } = "";

    /// <summary>The calls over HTTP that have no answer yet.</summary>
    public IReadOnlyCollection<HttpCallout> PendingHttpCalls => _httpCalls.Values;

    private long CallBytes =>
        _httpCalls.Values.Sum(c => (long)c.Body.Length) + _grpcCalls.Values.Sum(c => (long)c.Message.Length);

    internal AbiStatus Send(HttpCallout call)
    {
        if (_httpCalls.Count >= MaxCalls || CallBytes + call.Body.Length > MaxCallBytes)
        {
            return AbiStatus.InternalFailure;
        }

        // Before it is sent: an answer may be there at once.
        _httpCalls[call.Token] = call;
        var status = Vm.Environment.Send(call);
        if (status != AbiStatus.Ok)
        {
            _httpCalls.Remove(call.Token);
        }

        return status;
    }

    internal void OnHttpCallResponse(uint token, HeaderMap? headers, ReadOnlyMemory<byte> body, HeaderMap? trailers)
    {
        if (DefersWhileBusy(() => OnHttpCallResponse(token, headers, body, trailers)) || !_httpCalls.Remove(token))
        {
            return;
        }

        if (Vm.Exports.HttpCallResponse is not { } export || !CanRun(export))
        {
            return;
        }

        (_callHeaders, _callTrailers, _callBody) = (headers, trailers, headers is null ? null : body);
        if (headers is null)
        {
            (StatusCode, StatusMessage) = ((uint)AbiStatus.BrokenConnection, "reset");
        }

        Vm.Run(this, "proxy_on_http_call_response", (id, call) => export(
            id, call, headers?.Count ?? 0, body.Length, trailers?.Count ?? 0), Id, token);
        (_callHeaders, _callTrailers, _callBody, StatusMessage) = (null, null, null, "");
        Vm.Settle();
    }

    internal HeaderMap? CallMap(MapKind kind) => kind switch
    {
        MapKind.CallResponseHeaders => _callHeaders,
        MapKind.CallResponseTrailers => _callTrailers,
        MapKind.GrpcInitialMetadata => _grpcInitialMetadata,
        MapKind.GrpcTrailingMetadata => _grpcTrailingMetadata,
        _ => null,
    };

    internal bool TryGetCallBuffer(BufferKind kind, out ReadOnlySpan<byte> bytes)
    {
        var isThere = true;
        bytes = default;
        switch (kind)
        {
            case BufferKind.CallResponseBody:
                isThere = _callBody is not null;
                bytes = _callBody.GetValueOrDefault().Span;
                break;
            case BufferKind.GrpcMessage:
                bytes = _grpcMessage.Span;
                break;
            case BufferKind.PluginConfiguration:
                isThere = _isConfiguring;
                bytes = isThere ? _configuration.Span : default;
                break;
            case BufferKind.ForeignArguments:
                bytes = _foreignArguments.Span;
                break;
        }

        return isThere;
    }

    /// <summary>
    /// What version 0.1.0 calls the configuration: the plugin's while it is configured, else the machine's.
    /// </summary>
    internal ReadOnlySpan<byte> CurrentConfiguration =>
        _isConfiguring ? _configuration.Span : Vm.Settings.Configuration.Span;

    private void CancelCalls()
    {
        foreach (var call in _httpCalls.Values.ToList())
        {
            call.Cancel();
        }

        foreach (var call in _grpcCalls.Values.ToList())
        {
            call.Canceled?.Invoke();
        }

        _httpCalls.Clear();
        _grpcCalls.Clear();
    }
}
