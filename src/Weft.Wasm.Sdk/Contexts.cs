namespace Weft.Wasm.Sdk;

/// <summary>What the proxy does after a callback. Values: proxy-wasm's <c>proxy_action_t</c>.</summary>
public enum FilterAction
{
    /// <summary>Goes on with the request, response or bytes.</summary>
    Continue = 0,

    /// <summary>Holds it until the plugin continues or answers it (<see cref="Request.Continue"/>, <see cref="LocalResponse"/>).</summary>
    Pause = 1,
}

/// <summary>
/// One configuration of a plugin: what proxy-wasm calls a root context. A struct that implements it, together with
/// <see cref="IHttpPlugin{TSelf, TStream}"/> or <see cref="ITcpPlugin{TSelf, TStream}"/>, is the plugin; its fields live
/// as long as the configuration. Each worker thread of the proxy has its own.
/// A callback that a plugin does not implement is not exported, so the proxy does not call it.
/// </summary>
public interface IPlugin
{
    /// <summary>The virtual machine has started. False refuses the plugin.</summary>
    /// <param name="configuration">The machine's configuration; gone after the callback.</param>
    bool OnVmStart(ReadOnlySpan<byte> configuration) => true;

    /// <summary>
    /// The plugin's configuration. False refuses it: the proxy keeps the one before. What is allocated here lives as long
    /// as the configuration does.
    /// </summary>
    /// <param name="configuration">The plugin's configuration; gone after the callback.</param>
    bool OnConfigure(ReadOnlySpan<byte> configuration) => true;

    /// <summary>The time of <see cref="Clock.SetTick"/> has passed.</summary>
    void OnTick()
    {
    }

    /// <summary>A shared queue has something in it.</summary>
    /// <param name="queue">The queue's number.</param>
    void OnQueueReady(uint queue)
    {
    }

    /// <summary>An HTTP call that was made outside of a stream, in <see cref="OnTick"/> for example, has ended.</summary>
    /// <param name="call">What <see cref="HttpCall"/> gave for it.</param>
    /// <param name="response">What was answered.</param>
    void OnHttpCallResponse(uint call, CallResponse response)
    {
    }

    /// <summary>A gRPC call that was made outside of a stream has news.</summary>
    /// <param name="call">What <see cref="GrpcCall"/> gave for it.</param>
    /// <param name="news">What has come.</param>
    void OnGrpcCall(uint call, GrpcEvent news)
    {
    }

    /// <summary>The proxy wants to let the configuration go. False asks it to wait for <see cref="Vm.Done"/>.</summary>
    bool OnDone() => true;
}

/// <summary>A plugin that looks at HTTP requests. Exactly one struct of an assembly implements it.</summary>
/// <typeparam name="TSelf">The struct itself.</typeparam>
/// <typeparam name="TStream">What is kept of each request.</typeparam>
public interface IHttpPlugin<TSelf, TStream> : IPlugin
    where TSelf : struct, IHttpPlugin<TSelf, TStream>
    where TStream : struct, IHttpStream<TSelf>;

/// <summary>A plugin that looks at TCP connections. Exactly one struct of an assembly implements it.</summary>
/// <typeparam name="TSelf">The struct itself.</typeparam>
/// <typeparam name="TStream">What is kept of each connection.</typeparam>
public interface ITcpPlugin<TSelf, TStream> : IPlugin
    where TSelf : struct, ITcpPlugin<TSelf, TStream>
    where TStream : struct, ITcpStream<TSelf>;

/// <summary>What both kinds of stream have.</summary>
/// <typeparam name="TPlugin">The plugin.</typeparam>
public interface IStream<TPlugin>
    where TPlugin : struct, IPlugin
{
    /// <summary>The stream begins.</summary>
    void OnCreate(ref TPlugin plugin)
    {
    }

    /// <summary>An HTTP call that this stream made has ended.</summary>
    /// <param name="plugin">The plugin's state.</param>
    /// <param name="call">What <see cref="HttpCall"/> gave for it.</param>
    /// <param name="response">What was answered.</param>
    void OnHttpCallResponse(ref TPlugin plugin, uint call, CallResponse response)
    {
    }

    /// <summary>A gRPC call that this stream made has news.</summary>
    /// <param name="plugin">The plugin's state.</param>
    /// <param name="call">What <see cref="GrpcCall"/> gave for it.</param>
    /// <param name="news">What has come.</param>
    void OnGrpcCall(ref TPlugin plugin, uint call, GrpcEvent news)
    {
    }

    /// <summary>The stream has ended. False asks the proxy to wait for <see cref="Vm.Done"/>.</summary>
    bool OnDone(ref TPlugin plugin) => true;

    /// <summary>The proxy writes its access log: the whole stream can be read.</summary>
    void OnLog(ref TPlugin plugin)
    {
    }

    /// <summary>The last callback of a stream. Its state is gone afterwards.</summary>
    void OnDelete(ref TPlugin plugin)
    {
    }
}

/// <summary>What a plugin does with one request, and what it keeps of it: the struct's fields live as long as the stream.</summary>
/// <typeparam name="TPlugin">The plugin.</typeparam>
public interface IHttpStream<TPlugin> : IStream<TPlugin>
    where TPlugin : struct, IPlugin
{
    /// <summary>The request's headers have come.</summary>
    /// <param name="plugin">The plugin's state.</param>
    /// <param name="endOfStream">Whether neither body nor trailers follow.</param>
    FilterAction OnRequestHeaders(ref TPlugin plugin, bool endOfStream) => FilterAction.Continue;

    /// <summary>Bytes of the request's body have come; <see cref="Request.Body"/> has what is held.</summary>
    /// <param name="plugin">The plugin's state.</param>
    /// <param name="size">Bytes that can be read now.</param>
    /// <param name="endOfStream">Whether these are the last.</param>
    FilterAction OnRequestBody(ref TPlugin plugin, int size, bool endOfStream) => FilterAction.Continue;

    /// <summary>The request's trailers have come.</summary>
    FilterAction OnRequestTrailers(ref TPlugin plugin) => FilterAction.Continue;

    /// <summary>The response's headers have come.</summary>
    /// <param name="plugin">The plugin's state.</param>
    /// <param name="endOfStream">Whether neither body nor trailers follow.</param>
    FilterAction OnResponseHeaders(ref TPlugin plugin, bool endOfStream) => FilterAction.Continue;

    /// <summary>Bytes of the response's body have come; <see cref="Response.Body"/> has what is held.</summary>
    /// <param name="plugin">The plugin's state.</param>
    /// <param name="size">Bytes that can be read now.</param>
    /// <param name="endOfStream">Whether these are the last.</param>
    FilterAction OnResponseBody(ref TPlugin plugin, int size, bool endOfStream) => FilterAction.Continue;

    /// <summary>The response's trailers have come.</summary>
    FilterAction OnResponseTrailers(ref TPlugin plugin) => FilterAction.Continue;
}

/// <summary>What a plugin does with one TCP connection, and what it keeps of it.</summary>
/// <typeparam name="TPlugin">The plugin.</typeparam>
public interface ITcpStream<TPlugin> : IStream<TPlugin>
    where TPlugin : struct, IPlugin
{
    /// <summary>A client has connected.</summary>
    FilterAction OnNewConnection(ref TPlugin plugin) => FilterAction.Continue;

    /// <summary>Bytes of the client have come.</summary>
    /// <param name="plugin">The plugin's state.</param>
    /// <param name="size">Bytes that can be read now.</param>
    /// <param name="endOfStream">Whether the client sends no more.</param>
    FilterAction OnDownstreamData(ref TPlugin plugin, int size, bool endOfStream) => FilterAction.Continue;

    /// <summary>Bytes of the server have come.</summary>
    /// <param name="plugin">The plugin's state.</param>
    /// <param name="size">Bytes that can be read now.</param>
    /// <param name="endOfStream">Whether the server sends no more.</param>
    FilterAction OnUpstreamData(ref TPlugin plugin, int size, bool endOfStream) => FilterAction.Continue;

    /// <summary>The client's connection is closed.</summary>
    /// <param name="plugin">The plugin's state.</param>
    /// <param name="peer">Who closed it: 0 unknown, 1 this proxy, 2 the peer.</param>
    void OnDownstreamClose(ref TPlugin plugin, int peer)
    {
    }

    /// <summary>The server's connection is closed.</summary>
    /// <param name="plugin">The plugin's state.</param>
    /// <param name="peer">Who closed it: 0 unknown, 1 this proxy, 2 the peer.</param>
    void OnUpstreamClose(ref TPlugin plugin, int peer)
    {
    }
}
