using Weft.Proxy.Citizen;

namespace Weft.Proxy;

/// <summary>
/// Sends requests into the mesh. The host of the address names the service, such as <c>http://catalog/items</c> or
/// <c>http://catalog.shop:9080/</c>; weights, retries, timeouts, header changes and mirrors are as its routes say.
/// Speaks HTTP/1.1 and, for requests of version 2.0 exactly as gRPC makes them, HTTP/2. Get it from the services, and
/// hand it to an <see cref="HttpClient"/>, or to a gRPC channel as <c>GrpcChannelOptions.HttpHandler</c>.
/// </summary>
/// <remarks>
/// <para>All of them share their connections, which end with the application; disposing one does nothing. There are no
/// cookies. Redirects are followed as <see cref="HttpClient"/> does.</para>
/// <para>A request waits for the first configuration at most <see cref="WeftProxyOptions.ReadyTimeout"/> and then fails
/// with an <see cref="HttpRequestException"/>. A request for <c>https</c> fails with a
/// <see cref="NotSupportedException"/>: the proxy must read what it routes.</para>
/// </remarks>
public sealed class WeftMeshHandler : HttpMessageHandler
{
    private readonly OutboundPath _path;

    internal WeftMeshHandler(OutboundPath path) => _path = path;

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        _path.SendAsync(request, cancellationToken);
}
