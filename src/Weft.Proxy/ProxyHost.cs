using System.Net;
using Envoy.Config.Core.V3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.Flow;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Admin;
using Weft.Proxy.Config;
using Weft.Proxy.Filters;
using Weft.Proxy.Forwarding;
using Weft.Proxy.Stats;
using Weft.Proxy.Tcp;
using Weft.Proxy.Tls;
using Weft.Proxy.Tracing;
using Weft.Proxy.Upstream;
using Weft.Xds.Client;
using Yarp.ReverseProxy.Forwarder;

namespace Weft.Proxy;

/// <summary>
/// One running proxy. Any number of them run in one process. Disposing it drains its listeners within
/// <see cref="ProxySettings.DrainTimeout"/>.
/// </summary>
public sealed class ProxyHost : IAsyncDisposable
{
    /// <summary>The name of the activity source and of the meter of all proxies, to be given to an exporter.</summary>
    public const string TelemetryName = ProxyTelemetry.Name;

    /// <summary>The attribute of all spans and numbers that says which proxy tells them, by its node id.</summary>
    public const string NodeAttribute = ProxyTelemetry.Node;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ServiceProvider _services;
    private readonly DataPlane _plane;
    private readonly AdminServer? _admin;
    private readonly IDisposable _numbers;

    private ProxyHost(
        ServiceProvider services, DataPlane plane, XdsClient client, CertificateWatch certificates, AdminServer? admin,
        IDisposable numbers)
    {
        _numbers = numbers;
        _services = services;
        _plane = plane;
        _admin = admin;
        Completion = RunAsync(
            client.RunAsync(_stopping.Token), plane.RunAsync(_stopping.Token), certificates.RunAsync(_stopping.Token));
    }

    /// <summary>Where the admin pages are; null where none were asked for.</summary>
    public IPEndPoint? AdminEndpoint => _admin?.LocalEndPoint;

    /// <summary>What the proxy knows and does.</summary>
    public Latest<ProxyStatus> Status => _plane.Status;

    /// <summary>Ends when the proxy does; fails when one of its loops broke, which it never should.</summary>
    public Task Completion { get; }

    /// <summary>
    /// Starts a proxy. It serves nothing until the control plane tells it what; see <see cref="Status"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The admin address is not a loopback address.</exception>
    /// <exception cref="IOException">The admin address is in use.</exception>
    public static async Task<ProxyHost> StartAsync(
        ProxySettings settings, ILoggerFactory loggers, CancellationToken cancellation)
    {
        if (settings.Admin is { } address && !IPAddress.IsLoopback(address.Address))
        {
            throw new ArgumentException(
                $"The admin pages are for this machine only, not for {address}.", nameof(settings));
        }

        var services = new ServiceCollection()
            .AddSingleton(loggers).AddLogging().AddHttpForwarder().BuildServiceProvider();
        var stats = new ProxyStats();
        var (node, shelf, calls) = (NodeOf(settings), new FilterShelf(), new ClusterCalls());
        var client = new XdsClient(
            new(settings.ControlPlane, node) { Credentials = settings.Credentials },
            ResourceDecoding.With(new(settings.Filters, shelf, new(settings, node, stats, calls, loggers))), settings.Time, settings.Dice,
            loggers.CreateLogger<XdsClient>());
        var telemetry = new RequestTelemetry(settings.NodeId, settings.Time, settings.Dice);
        var forwarder = new RequestForwarder(
            services.GetRequiredService<IHttpForwarder>(), telemetry, settings.Time, settings.Dice,
            loggers.CreateLogger<RequestForwarder>());
        var shadows = new ShadowRequests(settings.Time, settings.Dice, loggers.CreateLogger<ShadowRequests>());
        var hosts = new HostLookup(settings.Lookup, settings.Time);
        var path = new RequestPath(
            forwarder, shadows, new(settings.Time, settings.Dice, stats), shelf, hosts, telemetry, settings.Time,
            settings.Dice,
            loggers.CreateLogger<RequestPath>());
        var bytes = new TcpPath(settings.Time, settings.Dice, loggers.CreateLogger<TcpPath>());
        var broken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var logs = new AccessLogSet(settings, stats, broken, loggers.CreateLogger<AccessLogSet>());
        var certificates = new CertificateWatch(settings.Time, loggers.CreateLogger<CertificateWatch>());
        var plane = new DataPlane(
            settings, client.Snapshot, stats, new(settings, new(path, bytes), loggers), logs, hosts, shelf, certificates,
            broken,
            loggers.CreateLogger<DataPlane>());
        calls.Use(() => plane.Clusters);
        var admin = settings.Admin is null
            ? null
            : await AdminServer.StartAsync(settings.Admin, new(plane, stats), loggers, cancellation);
        return new(services, plane, client, certificates, admin, ProxyTelemetry.Show(stats, settings.NodeId));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _plane.CloseAsync();
        _numbers.Dispose();
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        await _services.DisposeAsync();
        _stopping.Dispose();
    }

    // A loop that breaks takes the others along: a proxy that follows nobody must not look alive.
    private async Task RunAsync(params Task[] loops)
    {
        await Task.WhenAny(loops);
        await _stopping.CancelAsync();
        await Task.WhenAll(loops);
    }

    private static Node NodeOf(ProxySettings settings) => new()
    {
        Id = settings.NodeId,
        Cluster = settings.Cluster,
        Metadata = settings.NodeMetadata,
        UserAgentName = "weft-proxy",
        UserAgentVersion = typeof(ProxyHost).Assembly.GetName().Version?.ToString(3) ?? "",
    };
}
