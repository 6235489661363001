namespace Weft.Wasm.Host.Testing;

/// <summary>A worker in a test: a machine with the plugin.</summary>
public sealed class TestWorker : IDisposable
{
    private readonly PluginWorker _worker;

    internal TestWorker(PluginTest test, int index, PluginModule module, PluginSettings settings)
    {
        (Test, Index) = (test, index);
        _worker = new(module, settings, new TestEnvironment(test, index), test.Settings.Vm);
    }

    /// <summary>Which worker it is, from zero.</summary>
    public int Index { get; }

    /// <summary>The plugin in the machine of now.</summary>
    public PluginContext Plugin => _worker.Plugin;

    /// <summary>How often the machine was built anew after a failure.</summary>
    public int Reloads => _worker.Reloads;

    internal PluginTest Test { get; }

    /// <inheritdoc cref="PluginTest.Request"/>
    public TestRequest Request(params (string Name, string Value)[] headers) => Open(headers, endOfStream: true);

    /// <inheritdoc cref="PluginTest.Begin"/>
    public TestRequest Begin(params (string Name, string Value)[] headers) => Open(headers, endOfStream: false);

    /// <inheritdoc cref="PluginTest.Connect"/>
    public TestConnection Connect()
    {
        var connection = new TestConnection(this, _worker.OpenTcp);
        Test.Drain();
        return connection;
    }

    /// <summary>Calls the plugin by a number, as a host does that has agreed on it.</summary>
    public void CallForeignFunction(uint function, ReadOnlyMemory<byte> arguments)
    {
        Plugin.OnForeignFunction(function, arguments);
        Test.Drain();
    }

    /// <summary>Ends the plugin and its machine.</summary>
    public void Dispose() => _worker.Dispose();

    private TestRequest Open((string Name, string Value)[] headers, bool endOfStream)
    {
        var request = new TestRequest(this, _worker.OpenHttp, headers, endOfStream);
        Test.Drain();
        return request;
    }
}
