namespace Weft.Wasm.Host;

/// <summary>
/// An HTTP stream that a plugin looks at. The proxy calls the members in the order of HTTP, and does what they return;
/// what the plugin asks for besides comes by <see cref="IStreamHost"/>.
/// </summary>
/// <remarks>
/// After a failure of the machine, or where there was none from the start, it does what the plugin's
/// <see cref="FailurePolicy"/> says: the stream is answered with 503, or goes on as if there were no plugin.
/// </remarks>
public sealed partial class HttpExchange : AbiContext
{
    private readonly IStreamHost _host;
    private readonly PluginContext _plugin;
    private HeaderMap? _requestHeaders;
    private HeaderMap? _requestTrailers;
    private HeaderMap? _responseHeaders;
    private HeaderMap? _responseTrailers;
    private bool _isCreated;
    private bool _isEnded;
    private bool _isAnswered;
    private bool _willAnswer;
    private bool _isFailed;
    private bool _endsWithThis;
    private bool _isLogging;
    private HeaderMap? _loggedRequest;
    private HeaderMap? _loggedResponse;
    private HeaderMap? _loggedTrailers;

    internal HttpExchange(PluginContext plugin, IStreamHost host)
        : base(plugin.Vm) => (_plugin, _host) = (plugin, host);

    /// <inheritdoc/>
    public override PluginContext Plugin => _plugin;

    /// <summary>The request's headers have come.</summary>
    /// <param name="headers">Changed in place; to be sent on after <see cref="StreamAction.Continue"/>.</param>
    /// <param name="endOfStream">Whether neither body nor trailers follow.</param>
    public StreamAction OnRequestHeaders(HeaderMap headers, bool endOfStream)
    {
        Create();
        (_requestHeaders, _endsWithThis) = (headers, endOfStream);
        var action = Run(
            StreamKind.Request,
            "proxy_on_request_headers",
            Vm.Exports.RequestHeaders,
            headers.Count,
            endOfStream,
            Phase.Headers);
        if (action == StreamAction.Continue)
        {
            _requestHeaders = null;
        }

        Vm.Settle();
        return action;
    }

    /// <summary>The request's trailers have come.</summary>
    public StreamAction OnRequestTrailers(HeaderMap trailers)
    {
        if (!_isCreated)
        {
            return StreamAction.Continue;
        }

        _requestTrailers = trailers;
        var action = Run(
            StreamKind.Request, "proxy_on_request_trailers", Vm.Exports.RequestTrailers, trailers.Count);
        if (action == StreamAction.Continue)
        {
            _requestTrailers = null;
        }

        Vm.Settle();
        return action;
    }

    /// <summary>The response's headers have come, from the server or from whoever has answered in its place.</summary>
    /// <inheritdoc cref="OnRequestHeaders"/>
    public StreamAction OnResponseHeaders(HeaderMap headers, bool endOfStream)
    {
        if (!_isCreated || _isFailed)
        {
            return StreamAction.Continue;
        }

        (_responseHeaders, _endsWithThis) = (headers, endOfStream);
        var action = Run(
            StreamKind.Response,
            "proxy_on_response_headers",
            Vm.Exports.ResponseHeaders,
            headers.Count,
            endOfStream,
            Phase.Headers);
        if (action == StreamAction.Continue)
        {
            _responseHeaders = null;
        }

        Vm.Settle();
        return action;
    }

    /// <summary>The response's trailers have come.</summary>
    public StreamAction OnResponseTrailers(HeaderMap trailers)
    {
        if (!_isCreated || _isFailed)
        {
            return StreamAction.Continue;
        }

        _responseTrailers = trailers;
        var action = Run(
            StreamKind.Response, "proxy_on_response_trailers", Vm.Exports.ResponseTrailers, trailers.Count);
        if (action == StreamAction.Continue)
        {
            _responseTrailers = null;
        }

        Vm.Settle();
        return action;
    }

    /// <summary>Metadata of HTTP/2 has come with the request. It always goes on.</summary>
    public void OnRequestMetadata(int count) =>
        OnMetadata("proxy_on_request_metadata", Vm.Exports.RequestMetadata, count);

    /// <summary>Metadata of HTTP/2 has come with the response. It always goes on.</summary>
    public void OnResponseMetadata(int count) =>
        OnMetadata("proxy_on_response_metadata", Vm.Exports.ResponseMetadata, count);

    /// <summary>The access log is written: the plugin can read the whole stream, and change nothing of it.</summary>
    /// <param name="requestHeaders">As they were sent on.</param>
    /// <param name="responseHeaders">As the client got them; null where it got none.</param>
    /// <param name="responseTrailers">As the client got them; null where it got none.</param>
    public void OnLog(HeaderMap? requestHeaders, HeaderMap? responseHeaders, HeaderMap? responseTrailers)
    {
        Create();
        _isLogging = true;
        (_loggedRequest, _loggedResponse, _loggedTrailers) = (requestHeaders, responseHeaders, responseTrailers);
        if (!Vm.HasFailed && Vm.Exports.Log is { } log)
        {
            Vm.Run(this, "proxy_on_log", log, Id);
        }

        _isLogging = false;
        (_loggedRequest, _loggedResponse, _loggedTrailers) = (null, null, null);
        Vm.Settle();
    }

    /// <summary>
    /// The stream has ended: <c>proxy_on_done</c> and <c>proxy_on_delete</c>. Nothing may be called after it.
    /// </summary>
    public void OnDestroy()
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        if (_isCreated && !Vm.HasFailed && Vm.Exports.Done is { } done)
        {
            Vm.Run(this, "proxy_on_done", done, Id, out _);
        }

        if (_isCreated && !Vm.HasFailed && Vm.Exports.Delete is { } delete)
        {
            Vm.Run(this, "proxy_on_delete", delete, Id);
        }

        Vm.Settle();
        Vm.Unregister(this);
    }

    private void Create()
    {
        if (_isCreated)
        {
            return;
        }

        _isCreated = true;
        if (!Vm.HasFailed && Vm.Exports.ContextCreate is { } create)
        {
            Vm.Run(this, "proxy_on_context_create", create, Id, _plugin.Id);
        }
    }

    private void OnMetadata(string name, Func<int, int, int>? export, int count)
    {
        if (_isCreated && !Vm.HasFailed && export is not null)
        {
            Vm.Run(this, name, export, Id, count, out _);
            Vm.Settle();
        }
    }
}
