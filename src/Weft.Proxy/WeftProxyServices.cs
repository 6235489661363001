using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Weft.Proxy.Citizen;

namespace Weft.Proxy;

/// <summary>Makes an application a member of a mesh, without a proxy process beside it.</summary>
public static class WeftProxyServices
{
    /// <summary>
    /// Runs the proxy of the application's workload within the application: its own requests, sent through
    /// <see cref="AddWeftMesh"/> or <see cref="WeftMeshHandler"/>, go by the mesh's routes, and the requests of peers
    /// are taken on the workload's <c>inboundPort</c> and handed to its <c>appPort</c>, where the application listens.
    /// </summary>
    /// <remarks>
    /// The proxy starts before the application's other services. It takes requests of peers once all of them have
    /// started; when the host stops, it takes no more of them and waits for those in flight before any other service is
    /// stopped, and ends after all others. Calling this again only changes the options.
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; see <see cref="WeftProxyOptions"/> for what has precedence.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="OptionsValidationException">
    /// At the start of the host: an option is missing or wrong.
    /// </exception>
    /// <exception cref="IOException">At the start of the host: the admin address is in use.</exception>
    public static IServiceCollection AddWeftProxy(
        this IServiceCollection services, Action<WeftProxyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.Configure(configure ?? (_ => { }));
        if (services.Any(s => s.ServiceType == typeof(MeshCitizen)))
        {
            return services;
        }

        services.AddOptions<WeftProxyOptions>()
            .PostConfigure<IConfiguration>(OptionsReading.Read)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<WeftProxyOptions>, OptionsRules>();
        // The forwarder would write two lines for each request. First of the rules, so that any of the application
        // wins.
        services.Configure<LoggerFilterOptions>(
            o => o.Rules.Insert(0, new(null, "Yarp.ReverseProxy", LogLevel.Warning, null)));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<MeshCitizen>();
        services.AddSingleton<OutboundPath>();
        services.AddSingleton(s => new WeftMeshHandler(s.GetRequiredService<OutboundPath>()));
        return services.AddHostedService(s => s.GetRequiredService<MeshCitizen>());
    }

    /// <summary>As the other one, with options made beforehand.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="options">The options; copied.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddWeftProxy(this IServiceCollection services, WeftProxyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddWeftProxy(o =>
        {
            o.Node = options.Node;
            o.ControlPlane = options.ControlPlane;
            o.CaFile = options.CaFile;
            o.CertificateFile = options.CertificateFile;
            o.KeyFile = options.KeyFile;
            o.TokenFile = options.TokenFile;
            o.Admin = options.Admin;
            o.OutboundListener = options.OutboundListener;
            o.ReadyTimeout = options.ReadyTimeout;
            o.DrainTimeout = options.DrainTimeout;
        });
    }

    /// <summary>
    /// Sends the requests of a client into the mesh: <c>http://catalog/items</c> goes to the service <c>catalog</c>, by
    /// its routes. Needs <see cref="AddWeftProxy(IServiceCollection, Action{WeftProxyOptions})"/>.
    /// </summary>
    /// <param name="client">Of <c>AddHttpClient</c> or <c>AddGrpcClient</c>.</param>
    /// <returns><paramref name="client"/>.</returns>
    public static IHttpClientBuilder AddWeftMesh(this IHttpClientBuilder client) =>
        client.ConfigurePrimaryHttpMessageHandler(s => new WeftMeshHandler(s.GetRequiredService<OutboundPath>()));

    /// <summary>
    /// Adds a check that is healthy once the first complete configuration is in use and has a listener. It stays so
    /// while the control plane is away, since the last good configuration stays.
    /// </summary>
    /// <param name="checks">The application's checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What it reports before; null for unhealthy.</param>
    /// <param name="tags">Tags to select it by.</param>
    /// <returns><paramref name="checks"/>.</returns>
    public static IHealthChecksBuilder AddWeftProxy(
        this IHealthChecksBuilder checks,
        string name = "weft",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null) =>
        checks.Add(new(
            name, s => ActivatorUtilities.CreateInstance<ReadinessCheck>(s), failureStatus, tags));
}
