using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Weft.Xds.Loads;
using Weft.Xds.Serving;
using Weft.Xds.Statuses;

namespace Weft.Xds;

/// <summary>Puts an <see cref="XdsServer"/> into an ASP.NET Core application.</summary>
public static class XdsServices
{
    /// <summary>The name of the server's meter and of its activity source, to be given to an exporter.</summary>
    public const string TelemetryName = XdsMetrics.MeterName;

    /// <summary>The full name of the first gRPC service that <see cref="MapXds"/> maps, as health checks ask for it.</summary>
    public const string AggregatedService = "envoy.service.discovery.v3.AggregatedDiscoveryService";

    /// <summary>
    /// Adds the server, a singleton of type <see cref="XdsServer"/>, and gRPC. The endpoint that it is mapped to must
    /// speak HTTP/2 (<c>HttpProtocols.Http2</c>, since clients use no TLS upgrade).
    /// </summary>
    /// <exception cref="ArgumentException">A setting is out of its bounds.</exception>
    public static IServiceCollection AddXds(this IServiceCollection services, XdsServerSettings? settings = null)
    {
        var limits = (settings ?? new()).Checked();
        var grpc = services.AddGrpc();
        Bound<AggregatedDiscovery>(grpc, limits);
        Bound<ClusterDiscovery>(grpc, limits);
        Bound<EndpointDiscovery>(grpc, limits);
        Bound<ListenerDiscovery>(grpc, limits);
        Bound<RouteDiscovery>(grpc, limits);
        Bound<ScopedRoutesDiscovery>(grpc, limits);
        Bound<VirtualHostDiscovery>(grpc, limits);
        Bound<SecretDiscovery>(grpc, limits);
        Bound<RuntimeDiscovery>(grpc, limits);
        Bound<ExtensionConfigDiscovery>(grpc, limits);
        Bound<LoadReporting>(grpc, limits);
        Bound<ClientStatusDiscovery>(grpc, limits);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(p => new XdsServer(limits, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<XdsMetrics>();
        services.AddSingleton<StreamGate>();
        services.AddSingleton(new PushGate(limits.Overload.MaxPushing));
        services.AddSingleton<OverloadMetrics>();
        services.AddSingleton<Admission>();
        services.AddSingleton<StreamRunner>();
        services.AddSingleton<DiscoveryStreams>();
        services.AddSingleton<RestDiscovery>();
        services.AddSingleton<LoadMetrics>();
        services.AddSingleton<LoadLedger>();
        services.AddSingleton<LoadReporting>();
        services.AddSingleton<ClientStatusDiscovery>();
        return services;
    }

    // Of these services only: what else the application serves is its own affair.
    private static void Bound<T>(IGrpcServerBuilder grpc, XdsServerSettings settings) where T : class =>
        grpc.AddServiceOptions<T>(options =>
        {
            options.MaxReceiveMessageSize = settings.MaxRequestBytes;
            options.CompressionProviders.Clear();
            options.CompressionProviders.Add(new BoundedDecompression("gzip", settings.MaxRequestBytes));
            options.CompressionProviders.Add(new BoundedDecompression("deflate", settings.MaxRequestBytes));
        });

    /// <summary>
    /// Maps <c>AggregatedDiscoveryService</c> and the services of single types, each state of the world and delta:
    /// clusters, endpoints, listeners, routes, scoped routes, virtual hosts (delta only), secrets, runtime layers, extension
    /// configurations; the same by polling, <c>POST /v3/discovery:clusters</c> and so on; and where the settings have them <c>LoadReportingService</c> and <c>ClientStatusDiscoveryService</c>.
    /// </summary>
    /// <returns>What conventions for all of them, such as authorization, are added to.</returns>
    public static IEndpointConventionBuilder MapXds(this IEndpointRouteBuilder endpoints)
    {
        var settings = endpoints.ServiceProvider.GetRequiredService<XdsServer>().Settings;
        var services = endpoints.MapGroup("");
        services.MapGrpcService<AggregatedDiscovery>();
        services.MapGrpcService<ClusterDiscovery>();
        services.MapGrpcService<EndpointDiscovery>();
        services.MapGrpcService<ListenerDiscovery>();
        services.MapGrpcService<RouteDiscovery>();
        services.MapGrpcService<ScopedRoutesDiscovery>();
        services.MapGrpcService<VirtualHostDiscovery>();
        services.MapGrpcService<SecretDiscovery>();
        services.MapGrpcService<RuntimeDiscovery>();
        services.MapGrpcService<ExtensionConfigDiscovery>();
        services.MapPost(RestDiscovery.Path, endpoints.ServiceProvider.GetRequiredService<RestDiscovery>().AnswerAsync);
        if (settings.LoadReports is not null)
        {
            services.MapGrpcService<LoadReporting>();
        }

        if (settings.ServesClientStatus)
        {
            services.MapGrpcService<ClientStatusDiscovery>();
        }

        return services;
    }
}
