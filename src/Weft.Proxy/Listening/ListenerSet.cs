using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Weft.Proxy.Listening;

/// <summary>The bound listeners of one proxy. Only the data plane's loop calls it.</summary>
internal sealed class ListenerSet(ProxySettings settings, ConnectionPaths paths, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<ListenerSet>();
    private readonly List<Task> _draining = [];
    private ImmutableDictionary<Binding, ProxyListener> _open = ImmutableDictionary<Binding, ProxyListener>.Empty;

    /// <summary>Ends when the listeners that are closed by now have drained.</summary>
    public Task Draining => Task.WhenAll(_draining);

    public bool HasFailures => Status.Any(s => s.Error is not null);

    public ImmutableArray<ListenerStatus> Status { get; private set; } = [];

    /// <summary>Opens, changes and closes, until exactly <paramref name="views"/> are open.</summary>
    public async Task ApplyAsync(IEnumerable<ConnectionView> views, CancellationToken cancellation)
    {
        var open = ImmutableDictionary.CreateBuilder<Binding, ProxyListener>();
        var status = ImmutableArray.CreateBuilder<ListenerStatus>();
        foreach (var view in views.OrderBy(v => v.Config.Name, StringComparer.Ordinal))
        {
            var binding = Binding.Of(view.Config);
            if (open.TryGetValue(binding, out var taken))
            {
                status.Add(new(view.Config.Name, null, $"the address belongs to listener {taken.View.Config.Name}"));
                continue;
            }

            var (listener, error) = await ShowAsync(binding, view, cancellation);
            status.Add(new(view.Config.Name, listener?.LocalEndPoint, error));
            if (listener is not null)
            {
                open.Add(binding, listener);
            }
        }

        foreach (var (binding, listener) in _open.Where(o => !open.ContainsKey(o.Key)))
        {
            ListeningLog.Closed(_logger, listener.View.Config.Name, binding.Address);
            _draining.Add(listener.DrainAsync(settings.DrainTimeout, settings.Time));
        }

        _draining.RemoveAll(d => d.IsCompletedSuccessfully);
        _open = open.ToImmutable();
        Status = status.ToImmutable();
    }

    public async Task CloseAsync()
    {
        _draining.AddRange(_open.Values.Select(l => l.DrainAsync(settings.DrainTimeout, settings.Time)));
        _open = _open.Clear();
        await Task.WhenAll(_draining);
    }

    /// <summary>A change of anything but the address never touches the socket.</summary>
    private async Task<(ProxyListener?, string? Error)> ShowAsync(
        Binding binding, ConnectionView view, CancellationToken cancellation)
    {
        if (_open.TryGetValue(binding, out var listener))
        {
            listener.View = view;
            return (listener, null);
        }

        try
        {
            listener = await ProxyListener.OpenAsync(
                view, paths, settings.HandshakeTimeout, loggers, cancellation);
            ListeningLog.Opened(_logger, view.Config.Name, listener.LocalEndPoint);
            return (listener, null);
        }
        catch (IOException e)
        {
            ListeningLog.Failed(_logger, view.Config.Name, e.Message);
            return (null, e.Message);
        }
    }

    /// <summary>Listeners are told apart by address; those that take any port by name as well.</summary>
    private readonly record struct Binding(IPEndPoint Address, string? Name)
    {
        public static Binding Of(ListenerConfig config) =>
            new(config.Address, config.Address.Port == 0 ? config.Name : null);
    }
}
