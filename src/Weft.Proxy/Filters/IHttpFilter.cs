using Microsoft.AspNetCore.Http;
using Weft.Proxy.Forwarding;

namespace Weft.Proxy.Filters;

/// <summary>
/// A filter in use. Any number of requests ask it at once. When another version has taken its place, the requests that are
/// under way still end with this one; it is disposed when the last has ended.
/// </summary>
public interface IHttpFilter : IDisposable
{
    /// <summary>A request begins.</summary>
    /// <returns>What sees it; null where the request passes without the filter.</returns>
    public IHttpFilterRun? Begin(HttpFilterExchange exchange);
}

/// <summary>What a filter may know of a request beside its headers.</summary>
/// <param name="Http">The request and its connection. Headers are changed by the filter's calls, not here.</param>
/// <param name="Listener">The listener's name.</param>
/// <param name="IsInbound">Whether the listener takes requests of others: Envoy's <c>listener_direction</c> 1, else 2.</param>
public sealed record HttpFilterExchange(HttpContext Http, string Listener, bool IsInbound)
{
    internal Exchange? Exchange { get; init; }

    /// <summary>The cluster that was chosen; null before the route is chosen, and where there is none.</summary>
    public string? Cluster => Exchange?.Chosen?.Cluster;

    /// <summary>The name of the route that was chosen; null before, and where there is none.</summary>
    public string? Route => Exchange?.Route?.Name;
}

/// <summary>
/// What sees one request and its response, in this order; one call at a time. Whatever it throws ends the request with 500.
/// Disposed when the exchange has ended, however it ended.
/// </summary>
public interface IHttpFilterRun : IDisposable
{
    /// <summary>The headers of the request, before its route is chosen. What is changed is what the route is chosen by.</summary>
    /// <param name="isEnd">Whether no body follows.</param>
    /// <returns>The answer, if the request is to go no further; else null.</returns>
    public ValueTask<HttpFilterReply?> OnRequestHeadersAsync(HttpFilterHeaders headers, bool isEnd, CancellationToken cancellation);

    /// <summary>A piece of the request's body.</summary>
    /// <param name="isEnd">Whether it is the last, which may be empty.</param>
    /// <returns>What is sent on instead; at once or later, but all of it by the last piece.</returns>
    /// <exception cref="HttpFilterAnswerException">The request goes no further; it is answered, unless a response has begun.</exception>
    public ValueTask<ReadOnlyMemory<byte>> OnRequestBodyAsync(ReadOnlyMemory<byte> piece, bool isEnd, CancellationToken cancellation);

    /// <summary>The headers of the response.</summary>
    /// <returns>The answer in place of the response, if there is to be another; else null.</returns>
    public ValueTask<HttpFilterReply?> OnResponseHeadersAsync(HttpFilterHeaders headers, CancellationToken cancellation);

    /// <summary>A piece of the response's body.</summary>
    /// <param name="isEnd">Whether it is the last, which may be empty.</param>
    /// <returns>What is sent on instead; at once or later, but all of it by the last piece.</returns>
    public ValueTask<ReadOnlyMemory<byte>> OnResponseBodyAsync(ReadOnlyMemory<byte> piece, bool isEnd, CancellationToken cancellation);

    /// <summary>The trailers of the response, where there are any.</summary>
    public ValueTask OnResponseTrailersAsync(HttpFilterHeaders trailers, CancellationToken cancellation);

    /// <summary>Whether it sees the body of the request, asked after the request's headers; else it passes untouched.</summary>
    public bool SeesRequestBody { get; }

    /// <summary>Whether it sees the body of the response, asked after the response's headers.</summary>
    public bool SeesResponseBody { get; }
}

/// <summary>An answer of a filter's own.</summary>
/// <param name="Body">Its body; empty for none.</param>
/// <param name="Headers">Its headers.</param>
public sealed record HttpFilterReply(int Status, ReadOnlyMemory<byte> Body, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <summary>A filter answers a request in the midst of its body.</summary>
public sealed class HttpFilterAnswerException(HttpFilterReply reply) : Exception("A filter has answered the request.")
{
    /// <summary>The answer.</summary>
    public HttpFilterReply Reply { get; } = reply;
}

/// <summary>Headers as a filter sees them: those of HTTP/2, with <c>:path</c>, <c>:method</c>, <c>:authority</c>, <c>:scheme</c> or <c>:status</c>.</summary>
public abstract class HttpFilterHeaders
{
    /// <summary>All of them in order, the ones with a colon first; a name for each of its values.</summary>
    public abstract IEnumerable<KeyValuePair<string, string>> All { get; }

    /// <summary>The first value; null where there is none.</summary>
    public abstract string? Get(string name);

    /// <summary>Puts one value in place of all.</summary>
    public abstract void Set(string name, string value);

    /// <summary>Adds a value to those there are. One with a colon has one value: it is replaced.</summary>
    public abstract void Add(string name, string value);

    /// <summary>Removes all values. One with a colon stays.</summary>
    public abstract void Remove(string name);
}
