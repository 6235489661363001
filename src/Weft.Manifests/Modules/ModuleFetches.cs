using System.Collections.Immutable;
using Weft.Flow;
using Weft.Model;

namespace Weft.Manifests.Modules;

/// <summary>
/// The modules that come by HTTP, fetched each once for each version of its manifest; again and again only for as long as
/// that fails. Used by one loop, which is woken when one has come.
/// </summary>
internal sealed class ModuleFetches(ModuleFetch fetch, TimeProvider time, Action wake)
{
    private static readonly Backoff Pause = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1));

    private Dictionary<WasmPluginConfig, Fetch> _fetches = new(ReferenceEqualityComparer.Instance);

    private sealed class Fetch : IDisposable
    {
        private readonly CancellationTokenSource _ending;

        public Fetch(CancellationToken cancellation) => _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        public CancellationToken Ending => _ending.Token;

        public volatile ModuleReading? Reading;

        public void Dispose()
        {
            _ending.Cancel();
            _ending.Dispose();
        }
    }

    /// <summary>The last reading; null where there is none yet.</summary>
    public ModuleReading? Of(WasmPluginConfig plugin) => _fetches.GetValueOrDefault(plugin)?.Reading;

    /// <summary>Fetches what these plugins need, and no longer what others needed.</summary>
    public void Keep(ImmutableArray<WasmPluginConfig> plugins, CancellationToken cancellation)
    {
        var kept = new Dictionary<WasmPluginConfig, Fetch>(ReferenceEqualityComparer.Instance);
        foreach (var plugin in plugins.Where(p => p.Url.Http is not null))
        {
            kept[plugin] = _fetches.Remove(plugin, out var known) ? known : Begin(plugin, cancellation);
        }

        foreach (var gone in _fetches.Values)
        {
            gone.Dispose();
        }

        _fetches = kept;
    }

    private Fetch Begin(WasmPluginConfig plugin, CancellationToken cancellation)
    {
        var begun = new Fetch(cancellation);
        _ = RunAsync(plugin, begun, begun.Ending);
        return begun;
    }

    private async Task RunAsync(WasmPluginConfig plugin, Fetch begun, CancellationToken ending)
    {
        try
        {
            for (var failures = 1; !ending.IsCancellationRequested; failures++)
            {
                begun.Reading = await fetch.FetchAsync(plugin, ending);
                wake();
                if (begun.Reading.Module is not null)
                {
                    return;
                }

                // Servers come up together: the half of the pause at the least, and never at once.
                await Task.Delay(Pause.Delay(failures, 0.5 + (Random.Shared.NextDouble() / 2)), time, ending);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody wants it any more.
        }
    }
}
