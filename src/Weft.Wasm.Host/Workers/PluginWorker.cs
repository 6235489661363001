namespace Weft.Wasm.Host;

/// <summary>
/// What one worker of a proxy has of a plugin: a machine, the plugin in it, and what is done when it fails. On that
/// worker only.
/// </summary>
public sealed class PluginWorker : IDisposable
{
    private static readonly TimeSpan ReloadPause = TimeSpan.FromSeconds(1);
    private readonly PluginModule _module;
    private readonly PluginSettings _settings;
    private readonly PluginVmSettings _vmSettings;
    private readonly IPluginEnvironment _environment;
    private readonly TimeSpan _reloadPause;
    private readonly IDisposable _sharedState;
    private long _loadedAt;

    /// <summary>Makes the machine and starts the plugin.</summary>
    /// <param name="module">What it runs.</param>
    /// <param name="settings">The plugin's configuration and failure policy.</param>
    /// <param name="environment">What surrounds this worker.</param>
    /// <param name="vm">The machine's configuration and limits.</param>
    /// <param name="reloadPause">
    /// The least time between two machines where the policy is <see cref="FailurePolicy.FailReload"/>; 1 s unless told.
    /// </param>
    /// <exception cref="PluginException">The plugin does not start, or refuses its configuration.</exception>
    public PluginWorker(
        PluginModule module,
        PluginSettings settings,
        IPluginEnvironment environment,
        PluginVmSettings? vm = null,
        TimeSpan? reloadPause = null)
    {
        (_module, _settings, _environment) = (module, settings, environment);
        _vmSettings = vm ?? new();
        _reloadPause = reloadPause ?? ReloadPause;

        // What the plugin shares outlives its machines.
        _sharedState = environment.Shared.Hold(_vmSettings.VmId);
        try
        {
            Plugin = Load();
        }
        catch
        {
            _sharedState.Dispose();
            throw;
        }
    }

    /// <summary>The plugin in the machine of now.</summary>
    public PluginContext Plugin { get; private set; }

    /// <summary>How often the machine was built anew.</summary>
    public int Reloads { get; private set; }

    /// <summary>How often that failed.</summary>
    public int ReloadFailures { get; private set; }

    /// <summary>How many streams found a machine that had failed, too soon after it was made.</summary>
    public int ReloadsPutOff { get; private set; }

    /// <summary>
    /// Checks that a plugin starts and takes its configuration, in a machine that is thrown away: what Envoy does
    /// before it accepts a configuration.
    /// </summary>
    /// <exception cref="PluginException">It does not.</exception>
    public static void Check(
        PluginModule module, PluginSettings settings, IPluginEnvironment environment, PluginVmSettings? vm = null)
    {
        using var machine = new PluginVm(module, environment, vm);
        machine.StartPlugin(settings);
    }

    /// <summary>Begins to look at an HTTP stream; null where it goes on without the plugin.</summary>
    public HttpExchange? OpenHttp(IStreamHost host) => LooksAtStreams() ? Plugin.OpenHttp(host) : null;

    /// <summary>Begins to look at a TCP connection; null where it goes on without the plugin.</summary>
    public TcpConnection? OpenTcp(IStreamHost host) => LooksAtStreams() ? Plugin.OpenTcp(host) : null;

    /// <summary>Ends the plugin and its machine, also where the plugin would rather wait.</summary>
    public void Dispose()
    {
        Plugin.Shutdown();
        Plugin.Vm.Dispose();
        _sharedState.Dispose();
    }

    // A machine that has failed answers with 503 itself.
    private bool LooksAtStreams()
    {
        if (Plugin.Vm.HasFailed && _settings.FailurePolicy == FailurePolicy.FailReload)
        {
            Reload();
        }

        return !Plugin.Vm.HasFailed || _settings.FailurePolicy != FailurePolicy.FailOpen;
    }

    private void Reload()
    {
        if (_environment.Time.GetElapsedTime(_loadedAt) < _reloadPause)
        {
            ReloadsPutOff++;
            return;
        }

        var failed = Plugin.Vm;
        try
        {
            Plugin = Load();
            Reloads++;
            failed.Dispose();
        }
        catch (PluginException e)
        {
            ReloadFailures++;
            failed.Log(Plugin, PluginLogLevel.Error, System.Text.Encoding.UTF8.GetBytes(e.Message));
        }
    }

    private PluginContext Load()
    {
        _loadedAt = _environment.Time.GetTimestamp();
        var vm = new PluginVm(_module, _environment, _vmSettings);
        try
        {
            return vm.StartPlugin(_settings);
        }
        catch
        {
            vm.Dispose();
            throw;
        }
    }
}
