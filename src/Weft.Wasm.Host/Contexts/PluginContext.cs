using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Weft.Wasm.Host;

/// <summary>
/// A plugin in a machine, with its configuration: what proxy-wasm calls a root context. It makes the streams that the
/// plugin looks at. On the machine's worker only.
/// </summary>
public sealed partial class PluginContext : AbiContext
{
    private bool _isConfiguring;
    private bool _isShutDown;
    private bool _waitsForDone;

    internal PluginContext(PluginVm vm, PluginSettings settings)
        : base(vm) => Settings = settings;

    /// <summary>What it was started with.</summary>
    public PluginSettings Settings { get; }

    /// <inheritdoc/>
    public override PluginContext Plugin => this;

    /// <summary>Whether it has been shut down and nothing is left to wait for.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Begins to look at an HTTP stream. The plugin hears of it with the request's headers.</summary>
    public HttpExchange OpenHttp(IStreamHost host) => new(this, host);

    /// <summary>Begins to look at a TCP connection. The plugin hears of it when it is connected.</summary>
    public TcpConnection OpenTcp(IStreamHost host) => new(this, host);

    /// <summary>Tells the plugin that the time of its tick has come.</summary>
    public void OnTick()
    {
        if (Vm.Exports.Tick is { } export && CanRun(export))
        {
            Vm.Run(this, "proxy_on_tick", export, Id);
            Vm.Settle();
        }
    }

    /// <summary>Tells the plugin that a queue has something in it.</summary>
    public void OnQueueReady(uint queue)
    {
        if (DefersWhileBusy(() => OnQueueReady(queue)))
        {
            return;
        }

        if (Vm.Exports.QueueReady is { } export && CanRun(export))
        {
            Vm.Run(this, "proxy_on_queue_ready", export, Id, queue);
            Vm.Settle();
        }
    }

    /// <summary>Calls the plugin by a number, with arguments: what the host and the plugin have agreed on.</summary>
    public void OnForeignFunction(uint function, ReadOnlyMemory<byte> arguments)
    {
        var export = Vm.Exports.ForeignFunction;
        if (CanRun(export))
        {
            _foreignArguments = arguments;
            Vm.Run(this, "proxy_on_foreign_function", (f, size) => export((int)Id, f, size), function,
                (uint)arguments.Length);
            _foreignArguments = default;
            Vm.Settle();
        }
    }

    /// <summary>Asks the plugin whether a configuration is one, without taking it.</summary>
    public bool Validates(ReadOnlyMemory<byte> configuration)
    {
        if (Vm.Exports.ValidateConfiguration is not { } export || !CanRun(export))
        {
            return true;
        }

        (_configuration, _isConfiguring) = (configuration, true);
        var ran = Vm.Run(this, "proxy_validate_configuration", export, Id,
            configuration.Length, out var valid);
        _isConfiguring = false;
        Vm.Settle();
        return ran && valid != 0;
    }

    /// <summary>
    /// Lets the plugin end: <c>proxy_on_done</c>, and <c>proxy_on_delete</c> at once, or when the plugin calls
    /// <c>proxy_done</c>. Its ticks go on until then.
    /// </summary>
    public void Shutdown()
    {
        if (_isShutDown)
        {
            return;
        }

        _isShutDown = true;
        var isDone = true;
        if (Vm.Exports.Done is { } export && CanRun(export))
        {
            isDone = !Vm.Run(this, "proxy_on_done", export, Id, out var done) || done != 0;
        }

        _waitsForDone = !isDone;
        if (isDone)
        {
            End();
        }

        Vm.Settle();
    }

    internal void Start()
    {
        (_configuration, _isConfiguring) = (Settings.Configuration, true);
        if (Vm.Exports.ContextCreate is { } create)
        {
            Vm.Run(this, "proxy_on_context_create", create, Id, 0);
        }

        _isConfiguring = false;
        Check(PluginRule.VmStart, "proxy_on_vm_start", Vm.Exports.VmStart, Vm.Settings.Configuration.Length);
        _isConfiguring = true;
        Check(PluginRule.Configuration, "proxy_on_configure", Vm.Exports.Configure, _configuration.Length);
        _isConfiguring = false;
        Vm.Settle();
    }

    /// <summary>The plugin says that it has ended.</summary>
    internal AbiStatus Done()
    {
        if (!_waitsForDone)
        {
            return AbiStatus.NotFound;
        }

        _waitsForDone = false;
        Vm.Defer(End);
        return AbiStatus.Ok;
    }

    /// <summary>The machine goes: nothing calls it any more.</summary>
    internal void Forget()
    {
        StopTicking();
        CancelCalls();
        IsGone = true;
        Vm.Unregister(this);
    }

    internal bool TryGetOwnProperty(ReadOnlySpan<byte> name, IBufferWriter<byte> value)
    {
        var text = name.SequenceEqual("plugin_name"u8) ? Settings.Name
            : name.SequenceEqual("plugin_root_id"u8) ? Settings.RootId
            : null;
        if (text is not null)
        {
            PropertyValue.Write(value, text);
        }

        return text is not null;
    }

    private void End()
    {
        if (Vm.Exports.Delete is { } export && CanRun(export))
        {
            Vm.Run(this, "proxy_on_delete", export, Id);
        }

        Forget();
    }

    private void Check(PluginRule rule, string name, Func<int, int, int>? export, int size)
    {
        var result = 1;
        if (!Vm.HasFailed && export is not null)
        {
            Vm.Run(this, name, export, Id, size, out result);
        }

        if (Vm.HasFailed || result == 0)
        {
            _isConfiguring = false;
            var why = Vm.Failure ?? $"{name} returned false";
            Forget();
            throw new PluginException(rule, $"{Vm.Module.Name}: the plugin does not start: {why}");
        }
    }

    private bool CanRun([NotNullWhen(true)] Delegate? export) => export is not null && !IsGone && !Vm.HasFailed;

    private bool DefersWhileBusy(Action action)
    {
        if (!Vm.IsBusy)
        {
            return false;
        }

        Vm.Defer(action);
        return true;
    }
}
