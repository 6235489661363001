using System.Runtime.CompilerServices;
using System.Text;
using Wasmtime;

namespace Weft.Wasm.Host;

/// <content>Calls into the machine, and what they leave behind for afterwards.</content>
public sealed partial class PluginVm
{
    // What the host's functions are called by: a machine runs on one thread, and its calls come back on it.
    [ThreadStatic]
    private static PluginVm? _running;

    private const int MaxDeferred = 100_000;

    private readonly VmContext _own;
    private readonly Queue<Action> _afterwards = new();
    private Restriction _restriction;
    private AbiContext? _context;
    private uint _effective;
    private int _depth;

    /// <summary>Whether a callback runs now.</summary>
    public bool IsBusy => _depth > 0;

    /// <summary>How many calls of the host's functions the module has made.</summary>
    public long HostCalls { get; private set; }

    /// <summary>Whether the callback that runs has answered the stream: its own result does not count any more.</summary>
    internal bool StopsIteration { get; set; }

    /// <summary>
    /// Whose call it is that runs: the context of the callback, or the one that the plugin has chosen.
    /// </summary>
    internal AbiContext Context =>
        _effective != 0 && _contexts.TryGetValue(_effective, out var chosen) ? chosen : _context!;

    /// <summary>The machine that calls the host; only where nothing is restricted.</summary>
    internal static PluginVm Calling([CallerMemberName] string call = "") => Permit(Restriction.None, call);

    /// <summary>The machine that calls the host; also while it starts.</summary>
    internal static PluginVm CallingAtStart([CallerMemberName] string call = "") => Permit(Restriction.Starting, call);

    /// <summary>The machine that calls the host, whatever it does.</summary>
    internal static PluginVm CallingAnywhere()
    {
        _running!.HostCalls++;
        return _running;
    }

    internal bool TryChoose(uint context)
    {
        if (!_contexts.ContainsKey(context))
        {
            return false;
        }

        _effective = context;
        return true;
    }

    internal bool Run(AbiContext context, string name, Action export)
    {
        var former = Enter(context);
        try
        {
            export();
            return true;
        }
        catch (WasmtimeException e)
        {
            return Fail(name, e);
        }
        finally
        {
            Leave(former);
        }
    }

    internal bool Run(AbiContext context, string name, Action<int> export, uint a)
    {
        var former = Enter(context);
        try
        {
            export((int)a);
            return true;
        }
        catch (WasmtimeException e)
        {
            return Fail(name, e);
        }
        finally
        {
            Leave(former);
        }
    }

    internal bool Run(AbiContext context, string name, Action<int, int> export, uint a, uint b)
    {
        var former = Enter(context);
        try
        {
            export((int)a, (int)b);
            return true;
        }
        catch (WasmtimeException e)
        {
            return Fail(name, e);
        }
        finally
        {
            Leave(former);
        }
    }

    internal bool Run(AbiContext context, string name, Func<int, int> export, uint a, out int result)
    {
        var former = Enter(context);
        try
        {
            result = export((int)a);
            return true;
        }
        catch (WasmtimeException e)
        {
            result = 0;
            return Fail(name, e);
        }
        finally
        {
            Leave(former);
        }
    }

    internal bool Run(AbiContext context, string name, Func<int, int, int> export, uint a, int b, out int result)
    {
        var former = Enter(context);
        try
        {
            result = export((int)a, b);
            return true;
        }
        catch (WasmtimeException e)
        {
            result = 0;
            return Fail(name, e);
        }
        finally
        {
            Leave(former);
        }
    }

    internal bool Run(
        AbiContext context, string name, Func<int, int, int, int> export, uint a, int b, bool c, out int result)
    {
        var former = Enter(context);
        try
        {
            result = export((int)a, b, c ? 1 : 0);
            return true;
        }
        catch (WasmtimeException e)
        {
            result = 0;
            return Fail(name, e);
        }
        finally
        {
            Leave(former);
        }
    }

    /// <summary>Does something after the callback that runs has returned.</summary>
    internal void Defer(Action action)
    {
        // A loop in a plugin must not fill the host's memory.
        if (_afterwards.Count < MaxDeferred)
        {
            _afterwards.Enqueue(action);
        }
    }

    /// <summary>Does what the callback has left behind. The end of each call from outside.</summary>
    internal void Settle()
    {
        StopsIteration = false;
        while (_afterwards.TryDequeue(out var action))
        {
            action();
        }
    }

    private static PluginVm Permit(Restriction most, string call)
    {
        var vm = _running!;
        vm.HostCalls++;
        return vm._restriction <= most ? vm : throw new RestrictedCallException(call, vm._restriction);
    }

    private PluginVm? Enter(AbiContext context)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_depth > 0)
        {
            throw new InvalidOperationException("A callback runs in the machine: wait until it has returned.");
        }

        var former = _running;
        (_running, _context, _effective) = (this, context, 0);
        _depth++;
        _store.SetEpochDeadline(_deadline);
        return former;
    }

    private void Leave(PluginVm? former)
    {
        _depth--;
        (_running, _context, _effective) = (former, null, 0);
    }

    private bool Fail(string name, WasmtimeException e)
    {
        Failure = $"Function: {name} failed: {FailureText.Of(e)}";
        Log(_context?.Plugin, PluginLogLevel.Critical, Encoding.UTF8.GetBytes(Failure));
        return false;
    }
}
