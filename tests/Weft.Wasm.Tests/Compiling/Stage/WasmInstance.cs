using System.Text;
using Wasmtime;

namespace Weft.Wasm.Tests.Compiling.Stage;

/// <summary>A module in Wasmtime, with a proxy that answers every call with 0 and keeps the log.</summary>
internal sealed class WasmInstance : IDisposable
{
    // Without signals: its handlers and those of .NET, by which null and division by zero come, get into each other's way.
    private static readonly Engine Shared = new(new Config().WithSignalsBasedTraps(false));
    private readonly Wasmtime.Module _module;
    private readonly Linker _linker = new(Shared);
    private readonly Store _store = new(Shared);
    private readonly Global? _fault;

    public WasmInstance(byte[] module)
    {
        _module = Wasmtime.Module.FromBytes(Shared, "tested", module);
        foreach (var import in _module.Imports.OfType<FunctionImport>())
        {
            _linker.Define(import.ModuleName, import.Name, Function.FromCallback(
                _store, (caller, arguments, results) => Answer(import, caller, arguments, results), import.Parameters, import.Results));
        }

        Instance = _linker.Instantiate(_store, _module);
        _fault = Instance.GetGlobal("fault");
        Instance.GetAction("_initialize")?.Invoke();
    }

    public Instance Instance { get; }

    /// <summary>What was logged.</summary>
    public List<string> Log { get; } = [];

    /// <summary>What the proxy answers where it is not all right and nothing, by the name of the function.</summary>
    public Dictionary<string, Func<Caller, long[], int>> Proxy { get; } = [];

    /// <summary>Why the last call ended, if a fault ended it.</summary>
    public Weft.Wasm.Compiling.FaultKind? Fault =>
        (int)_fault!.GetValue()! is not 0 and var fault ? (Weft.Wasm.Compiling.FaultKind)(fault & 7) : null;

    /// <summary>The line in the source that the last fault names.</summary>
    public int FaultLine => ((int)_fault!.GetValue()! >> 3) & 0xffff;

    /// <summary>The size of its memory in pages of 64 KiB.</summary>
    public long Pages => Instance.GetMemory("memory")!.GetSize();

    public object? Call(string name, params object[] arguments)
    {
        ClearFault();
        return Instance.GetFunction(name)!.Invoke([.. arguments.Select(Boxed)]);
    }

    /// <summary>An export that cannot fault leaves alone what the one before it left.</summary>
    public void ClearFault() => _fault!.SetValue(0);

    public void Dispose()
    {
        _store.Dispose();
        _linker.Dispose();
        _module.Dispose();
    }

    private static ValueBox Boxed(object value) => value switch
    {
        int i => (ValueBox)i,
        long l => (ValueBox)l,
        float f => (ValueBox)f,
        double d => (ValueBox)d,
        _ => throw new ArgumentException($"{value.GetType()} is none of wasm's numbers"),
    };

    private void Answer(FunctionImport import, Caller caller, ReadOnlySpan<ValueBox> arguments, Span<ValueBox> results)
    {
        var numbers = new long[arguments.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = import.Parameters[i] == ValueKind.Int64 ? arguments[i].AsInt64() : arguments[i].AsInt32();
        }

        var answer = 0;
        if (import.Name == "proxy_log")
        {
            Log.Add(Encoding.UTF8.GetString(caller.GetMemory("memory")!.GetSpan((int)numbers[1], (int)numbers[2])));
        }
        else if (Proxy.TryGetValue(import.Name, out var known))
        {
            answer = known(caller, numbers);
        }

        if (results.Length > 0)
        {
            results[0] = answer;
        }
    }
}
