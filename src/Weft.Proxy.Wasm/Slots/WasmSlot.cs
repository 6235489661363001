using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Weft.Proxy.Filters;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>
/// A machine of a plugin and what surrounds it. Who calls it holds <see cref="Enter"/>, for as long as a callback takes
/// and no longer: a stream that waits holds nothing.
/// </summary>
internal sealed class WasmSlot : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly PluginWorker _worker;
    private readonly ILogger _logger;
    private bool _isDisposed;

    /// <exception cref="PluginException">The plugin does not start.</exception>
    public WasmSlot(WasmConfig config, PluginModule module, HttpFilterHost host, SharedState shared)
    {
        Module = module;
        Host = host;
        Plugin = config.Plugin;
        _logger = host.Loggers.CreateLogger($"Weft.Proxy.Wasm.{config.Plugin.Name}");
        using (Enter())
        {
            _worker = new(module, config.Plugin, new SlotEnvironment(this, host, shared, _logger), config.Vm);
        }
    }

    public PluginModule Module { get; }

    public PluginSettings Plugin { get; }

    public HttpFilterHost Host { get; }

    /// <summary>Waits until no other callback runs; until the result is disposed, no other will.</summary>
    public Lock.Scope Enter() => _lock.EnterScope();

    /// <summary>Begins to look at a stream; null where it goes on without the plugin. Within <see cref="Enter"/>.</summary>
    public HttpExchange? Open(IStreamHost stream) => _worker.OpenHttp(stream);

    /// <summary>Does something in the machine's turn, on another thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        ThreadPool.UnsafeQueueUserWorkItem(static slot => slot.DoPosted(), this, preferLocal: false);
    }

    public void Dispose()
    {
        using (Enter())
        {
            _isDisposed = true;
            _posted.Clear();
            _worker.Dispose();
        }
    }

    private void DoPosted()
    {
        using (Enter())
        {
            while (!_isDisposed && _posted.TryDequeue(out var action))
            {
                try
                {
                    action();
                }
                catch (Exception e)
                {
                    // Nobody waits for it, and a plugin must not end the proxy.
                    PluginLog.Broken(_logger, Plugin.Name, e);
                }
            }
        }
    }
}
