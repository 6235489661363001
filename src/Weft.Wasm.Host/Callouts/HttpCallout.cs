namespace Weft.Wasm.Host;

/// <summary>A call over HTTP that a plugin makes. It is answered once; an answer after that is not looked at.</summary>
public sealed class HttpCallout
{
    private readonly PluginContext _caller;

    internal HttpCallout(PluginContext caller, uint token) => (_caller, Token) = (caller, token);

    /// <summary>The number that the plugin knows the call by.</summary>
    public uint Token { get; }

    /// <summary>The cluster that is called.</summary>
    public required string Cluster { get; init; }

    /// <summary>The headers, with <c>:method</c>, <c>:path</c> and <c>:authority</c>.</summary>
    public required HeaderMap Headers { get; init; }

    /// <summary>The body; may be empty.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The trailers; may be empty.</summary>
    public required HeaderMap Trailers { get; init; }

    /// <summary>
    /// How long the answer may take; null without an end. After it Envoy answers in the server's place, with status
    /// 504.
    /// </summary>
    public required TimeSpan? Timeout { get; init; }

    /// <summary>Whether the plugin is gone: nobody waits for an answer.</summary>
    public bool IsCanceled { get; private set; }

    internal Action? Canceled { get; private set; }

    /// <summary>Asks to be told when nobody waits any more.</summary>
    public void WhenCanceled(Action action) => Canceled += action;

    /// <summary>Gives the plugin an answer. On the worker.</summary>
    public void Respond(HeaderMap headers, ReadOnlyMemory<byte> body, HeaderMap? trailers = null) =>
        _caller.OnHttpCallResponse(Token, headers, body, trailers);

    /// <summary>Tells the plugin that there will be no answer: the connection was reset. On the worker.</summary>
    public void Fail() => _caller.OnHttpCallResponse(Token, null, default, null);

    internal void Cancel()
    {
        IsCanceled = true;
        Canceled?.Invoke();
    }
}
