using Weft.Proxy.Filters;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>
/// One version of a plugin in a proxy: a few machines, among which requests are dealt out in turn. Each stays where it
/// began.
/// </summary>
internal sealed class WasmFilter : IHttpFilter
{
    private const int MostSlots = 4;
    private readonly CompiledModules.Lease _code;
    private readonly List<WasmSlot> _slots = [];
    private uint _next;

    private WasmFilter(CompiledModules.Lease code) => _code = code;

    /// <summary>Starts the machines. The first that does not start ends it: what a proxy runs has started everywhere.</summary>
    /// <param name="code">The module; it is let go with the filter, and where there is none.</param>
    /// <param name="shared">What the proxy's plugins share.</param>
    /// <exception cref="PluginException">The plugin does not start, or does not take its configuration.</exception>
    public static WasmFilter Start(WasmConfig config, CompiledModules.Lease code, HttpFilterHost host, SharedState shared)
    {
        var filter = new WasmFilter(code);
        try
        {
            for (var i = 0; i < Math.Clamp(Environment.ProcessorCount, 1, MostSlots); i++)
            {
                filter._slots.Add(new(config, code.Module, host, shared));
            }

            return filter;
        }
        catch
        {
            filter.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IHttpFilterRun? Begin(HttpFilterExchange exchange) =>
        WasmRun.Begin(_slots[(int)(Interlocked.Increment(ref _next) % (uint)_slots.Count)], exchange);

    /// <inheritdoc/>
    public void Dispose()
    {
        _slots.ForEach(s => s.Dispose());
        _code.Dispose();
    }
}
