using Google.Protobuf.WellKnownTypes;

namespace Weft.Proxy.Filters;

/// <summary>
/// Makes filters of one kind of configuration, which listeners name by ECDS. A proxy has none by itself
/// (<see cref="ProxySettings.Filters"/>): what it has no factory for it rejects.
/// </summary>
public interface IHttpFilterFactory
{
    /// <summary>The type of configuration, such as <c>type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm</c>.</summary>
    public string TypeUrl { get; }

    /// <summary>
    /// Makes a filter, or says why not. It is called on the loop that follows the control plane, once for each version of
    /// a resource; while it takes its time, even to fetch code, no other change of configuration is taken, and the former
    /// version of the filter serves.
    /// </summary>
    /// <param name="name">The name of the resource.</param>
    /// <param name="config">The configuration; its type is <see cref="TypeUrl"/>.</param>
    /// <param name="host">The proxy; one factory may serve several.</param>
    public HttpFilterVerdict Create(string name, Any config, HttpFilterHost host);
}

/// <summary>A filter, or why there is none.</summary>
public sealed record HttpFilterVerdict
{
    private HttpFilterVerdict(IHttpFilter? filter, string? error) => (Filter, Error) = (filter, error);

    /// <summary>The filter; null where there is none.</summary>
    public IHttpFilter? Filter { get; }

    /// <summary>Why there is none; null where there is one.</summary>
    public string? Error { get; }

    /// <summary>There is one.</summary>
    public static HttpFilterVerdict Accept(IHttpFilter filter) => new(filter, null);

    /// <summary>There is none: the resource is rejected, and its last good version stays.</summary>
    /// <param name="error">Why, in a sentence for the operator of the control plane.</param>
    public static HttpFilterVerdict Reject(string error) => new(null, error);
}
