using Wasmtime;

namespace Weft.Wasm.Host;

/// <summary>
/// A machine that runs a module: memory of its own, and any number of plugins and streams in it. It belongs to one
/// worker: never two threads at a time.
/// </summary>
public sealed partial class PluginVm : IDisposable
{
    private readonly Store _store;
    private readonly GuestExports _exports;
    private readonly Dictionary<uint, AbiContext> _contexts = [];
    private readonly IDisposable _sharedState;
    private readonly ulong _deadline;
    private uint _lastContext;
    private bool _isDisposed;

    /// <summary>
    /// Makes a machine and runs the module's start: <c>_initialize</c> and <c>main</c>, or <c>_start</c>.
    /// </summary>
    /// <exception cref="PluginException">It needs too much memory, or its start fails.</exception>
    public PluginVm(PluginModule module, IPluginEnvironment environment, PluginVmSettings? settings = null)
    {
        Module = module;
        Environment = environment;
        Settings = settings ?? new();
        _store = new(module.Engine.Engine);
        _store.SetLimits(Math.Min(Settings.MemoryLimit, PluginVmSettings.MaxMemory), 10_000_000, 1, 8, 1);
        _deadline = module.Engine.TicksFor(Settings.Deadline);
        _store.SetEpochDeadline(_deadline);
        module.Engine.MachineStarted();
        _sharedState = environment.Shared.Hold(Settings.VmId);
        try
        {
            _own = new(this);
            (var instance, Memory) = GuestInstance.Create(this, _store);
            _exports = new(instance, module.Abi);
            Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What it runs.</summary>
    public PluginModule Module { get; }

    /// <summary>What it was made with.</summary>
    public PluginVmSettings Settings { get; }

    /// <summary>What surrounds it.</summary>
    public IPluginEnvironment Environment { get; }

    /// <summary>
    /// Why it has failed, with the functions that were running; null while it runs. It never recovers.
    /// </summary>
    public string? Failure { get; private set; }

    /// <summary>Whether nothing can run in it any more: it has failed, or is disposed.</summary>
    public bool HasFailed => _isDisposed || Failure is not null;

    /// <summary>The size of its memory, in bytes.</summary>
    public long MemorySize => _isDisposed ? 0 : Memory.Length;

    internal GuestMemory Memory { get; }

    internal GuestExports Exports => _exports;

    internal IReadOnlyCollection<AbiContext> Contexts => _contexts.Values;

    /// <summary>Starts a plugin in the machine; several may share it.</summary>
    /// <exception cref="PluginException">It fails, or does not take its configuration.</exception>
    public PluginContext StartPlugin(PluginSettings settings)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var plugin = new PluginContext(this, settings);
        plugin.Start();
        return plugin;
    }

    /// <summary>Lets the machine go, without callbacks: see <see cref="PluginContext.Shutdown"/>.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        foreach (var plugin in _contexts.Values.OfType<PluginContext>().ToList())
        {
            plugin.Forget();
        }

        _sharedState.Dispose();
        Module.Engine.MachineEnded();
        _store.Dispose();
    }

    internal uint Register(AbiContext context)
    {
        do
        {
            _lastContext++;
        }
        while (_lastContext == 0 || _contexts.ContainsKey(_lastContext));

        _contexts[_lastContext] = context;
        return _lastContext;
    }

    internal void Unregister(AbiContext context) => _contexts.Remove(context.Id);

    private void Start()
    {
        _restriction = Restriction.Starting;
        if (_exports.Initialize is { } initialize)
        {
            if (Run(_own, "_initialize", initialize))
            {
                _ = _exports.Main is { } main ? Run(_own, "main", main, 0, 0, out _)
                    : _exports.MainVoid is { } mainVoid && Run(_own, "__main_void", () => mainVoid());
            }
        }
        else if (_exports.Start is { } start)
        {
            Run(_own, "_start", start);
        }

        _restriction = Restriction.None;
        if (HasFailed)
        {
            throw new PluginException(PluginRule.Start, $"{Module.Name}: the start of the module failed: {Failure}");
        }
    }
}
