using System.Buffers;

namespace Weft.Wasm.Host;

/// <summary>
/// What surrounds the machine of a plugin: where it logs, what time it is, whom it can call. One environment belongs to
/// one worker; what workers have in common they share through <see cref="Shared"/> and <see cref="Metrics"/>.
/// </summary>
/// <remarks>
/// All members but <see cref="Post"/> are called on the worker, from within callbacks. A member must not call the
/// machine back; an answer that is there at once is taken when the callback has returned.
/// </remarks>
public interface IPluginEnvironment
{
    /// <summary>The clock, also of ticks and of waiting before a machine is built anew.</summary>
    public TimeProvider Time { get; }

    /// <summary>Lines below this level are not given to <see cref="Log"/>.</summary>
    public PluginLogLevel LogLevel { get; }

    /// <summary>The metrics of plugins.</summary>
    public IMetricSink Metrics { get; }

    /// <summary>What machines with the same id share: values and queues.</summary>
    public SharedState Shared { get; }

    /// <summary>The functions that plugins call by name.</summary>
    public ForeignFunctions ForeignFunctions { get; }

    /// <summary>Takes a line of the log.</summary>
    /// <param name="plugin">Whose line it is; null of a machine that does not yet run a plugin.</param>
    /// <param name="level">How important it is.</param>
    /// <param name="message">Bytes that should be UTF-8; gone after the call.</param>
    public void Log(PluginContext? plugin, PluginLogLevel level, ReadOnlySpan<byte> message);

    /// <summary>
    /// Runs an action on the worker, after the callback that runs now. May be called from any thread.
    /// </summary>
    public void Post(Action action);

    /// <summary>
    /// Starts a call over HTTP. Its answer is given to <see cref="HttpCallout.Respond"/> or
    /// <see cref="HttpCallout.Fail"/>, on the worker.
    /// </summary>
    /// <returns>
    /// <see cref="AbiStatus.BadArgument"/> where there is no such cluster; else <see cref="AbiStatus.Ok"/>.
    /// </returns>
    public AbiStatus Send(HttpCallout call);

    /// <summary>
    /// Starts a call or a stream over gRPC. What comes is given to the members of <see cref="GrpcCallout"/>, on the
    /// worker.
    /// </summary>
    /// <returns>
    /// <see cref="AbiStatus.ParseFailure"/> where there is no such cluster; else <see cref="AbiStatus.Ok"/>.
    /// </returns>
    public AbiStatus Start(GrpcCallout call);

    /// <summary>Looks up a property outside of a stream, such as <c>node</c>.</summary>
    /// <param name="plugin">Who asks.</param>
    /// <param name="path">The parts of the name, with a zero between them.</param>
    /// <param name="value">Takes the value.</param>
    public bool TryGetProperty(PluginContext plugin, ReadOnlySpan<byte> path, IBufferWriter<byte> value);

    /// <summary>Fills bytes with random ones; good enough for keys.</summary>
    public void FillRandom(Span<byte> bytes);
}
