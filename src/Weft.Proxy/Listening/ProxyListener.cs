using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Proxy.Forwarding;

namespace Weft.Proxy.Listening;

/// <summary>A bound listener. Its view is replaced by reference; connections never notice.</summary>
internal sealed class ProxyListener
{
    private volatile ListenerView _view;
    private readonly RequestPath _path;
    private readonly Func<ListenerView> _current;
    private CleartextServer? _server;

    private ProxyListener(ListenerView view, RequestPath path)
    {
        _view = view;
        _path = path;
        _current = () => _view;
    }

    public ListenerView View
    {
        get => _view;
        set => _view = value;
    }

    public IPEndPoint LocalEndPoint => _server!.LocalEndPoint;

    /// <exception cref="IOException">The address is in use, or not of this machine.</exception>
    public static async Task<ProxyListener> OpenAsync(
        ListenerView view, RequestPath path, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var listener = new ProxyListener(view, path);
        listener._server = await CleartextServer.StartAsync(
            view.Config.Address,
            context => listener._path.ProcessAsync(context, listener._current),
            loggers,
            cancellation);
        return listener;
    }

    /// <summary>Closes the address, and waits for the requests in flight at most <paramref name="patience"/>.</summary>
    public async Task DrainAsync(TimeSpan patience, TimeProvider time)
    {
        using var impatient = new CancellationTokenSource(patience, time);
        await _server!.StopAsync(impatient.Token);
        await _server.DisposeAsync();
    }
}
