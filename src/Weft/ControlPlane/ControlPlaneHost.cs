using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Weft.Admin;
using Weft.Flow;
using Weft.Manifests;
using Weft.Proxy;
using Weft.Security;
using Weft.Telemetry;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>A control plane: sources, the loops between them and the xDS server, and the listeners.</summary>
internal static class ControlPlaneHost
{
    /// <param name="log">Where the log goes instead of standard error.</param>
    public static WebApplication Build(ControlPlaneSettings settings, ILoggerProvider? log = null)
    {
        if (!settings.Manifests.IsEmpty)
        {
            WarmUp.Begin();
        }

        // No defaults: they would read the appsettings.json of whatever folder this is, and watch all that lies below it.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddEnvironmentVariables();
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        Logs.Configure(builder.Logging, settings.Log, log);
        var security = settings.Security == SecuritySettings.None
            ? null
            : CredentialWatch.Open(settings.Security, TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Many proxies may share one connection through a gateway; the default of 100 streams would hold them up.
            kestrel.Limits.Http2.MaxStreamsPerConnection = 100_000;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
            // Envoy says "http" in :scheme also where its connection has TLS.
            kestrel.AllowAlternateSchemes = settings.Security.HasTls;
            kestrel.Listen(settings.Xds, listen => ListenForXds(listen, settings, security));
            kestrel.Listen(settings.Admin, listen => ListenForAdmin(listen, settings, security));
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Drain);
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        AddParts(builder.Services, settings, security);
        var app = builder.Build();
        MapParts(app, settings);
        return app;
    }

    /// <summary>Waits until the command or the host is to end, lets the streams go, and stops the host.</summary>
    public static async Task UntilStoppedAsync(WebApplication app, TimeSpan drain, CancellationToken cancellation)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (drain > TimeSpan.Zero && !stopping.IsCancellationRequested)
        {
            await app.Services.GetRequiredService<XdsServer>().DrainAsync(drain, CancellationToken.None);
        }

        await app.StopAsync(CancellationToken.None);
    }

    /// <summary>What the process returns once the host has stopped: 0, or 1 if one of its loops failed.</summary>
    public static int ExitCode(WebApplication app) => app.Services.GetRequiredService<LoopFailures>().Any ? 1 : 0;

    private static void ListenForXds(ListenOptions listen, ControlPlaneSettings settings, CredentialWatch? security)
    {
        listen.Protocols = HttpProtocols.Http2;
        if (settings.Security.HasTls)
        {
            SecureListening.Use(listen, security!, SslApplicationProtocol.Http2, TimeProvider.System);
        }
    }

    private static void ListenForAdmin(ListenOptions listen, ControlPlaneSettings settings, CredentialWatch? security)
    {
        listen.Protocols = HttpProtocols.Http1;
        // By the listener, not by its port: another address may have the same.
        listen.Use(next => connection =>
        {
            connection.Features.Set(new AdminConnection());
            return next(connection);
        });
        if (!IPAddress.IsLoopback(settings.Admin.Address))
        {
            SecureListening.Use(listen, security!, SslApplicationProtocol.Http11, TimeProvider.System);
        }
    }

    private static void AddParts(IServiceCollection services, ControlPlaneSettings settings, CredentialWatch? security)
    {
        var authorizer = settings.Security.Authenticates
            ? new MeshAuthorizer(security!.InForce, TimeProvider.System)
            : null;
        services.AddXds(new XdsServerSettings
        {
            GroupOf = NodeGroup.Of,
            Authorizer = authorizer,
            Overload = settings.Overload.Streams,
            TellsResourceErrors = settings.TellsResourceErrors,
        });
        if (security is not null)
        {
            AddLoop(services, "credentials", p =>
            {
                var logger = p.GetRequiredService<ILogger<CredentialWatch>>();
                return ending => security.RunAsync(logger, ending);
            });
        }

        services.AddGrpcReflection();
        services.AddGrpcHealthChecks(health => health.Services.Map(XdsServices.AggregatedService, _ => true))
            .AddCheck<Readiness>("sources");
        AddTelemetry(services.AddOpenTelemetry());
        services.AddSingleton<WeftMetrics>();
        services.AddSingleton<LoopFailures>();
        services.AddSingleton(new FolderSource(settings.Manifests, TimeProvider.System));
        services.AddSingleton(p => new ManifestSource(p.GetRequiredService<FolderSource>().Snapshot, TimeProvider.System));
        services.AddSingleton(p => new PluginSource(p.GetRequiredService<ManifestSource>().Snapshot, TimeProvider.System));
        services.AddSingleton(p => new ManifestTexts(p.GetRequiredService<ManifestSource>().Snapshot));
        services.AddSingleton(p => new ServedHistory(p.GetRequiredService<XdsServer>()));
        services.AddSingleton(p => new MeshLoop(p.GetRequiredService<PluginSource>().Snapshot, TimeProvider.System));
        services.AddSingleton(RawSources.Of(settings.Resources));
        services.AddSingleton(p => new PublishLoop(
            p.GetRequiredService<MeshLoop>().State,
            p.GetRequiredService<RawSources>().Snapshot,
            p.GetRequiredService<XdsServer>(),
            new PublishPace(settings.Overload.Debounce, TimeProvider.System, p.GetRequiredService<WeftMetrics>().Held),
            p.GetRequiredService<WeftMetrics>(),
            p.GetRequiredService<ILogger<PublishLoop>>()));
        AddLoop(services, "manifest folders", p => p.GetRequiredService<FolderSource>().RunAsync);
        AddLoop(services, "manifests", p => p.GetRequiredService<ManifestSource>().RunAsync);
        AddLoop(services, "plugins", p => p.GetRequiredService<PluginSource>().RunAsync);
        AddLoop(services, "manifest texts", p => p.GetRequiredService<ManifestTexts>().RunAsync);
        AddLoop(services, "mesh", p => p.GetRequiredService<MeshLoop>().RunAsync);
        AddLoop(services, "raw resources", p => p.GetRequiredService<RawSources>().RunAsync);
        AddLoop(services, "served history", p => p.GetRequiredService<ServedHistory>().RunAsync);
        AddLoop(services, "publication", p => p.GetRequiredService<PublishLoop>().RunAsync);
    }

    private static void AddTelemetry(OpenTelemetryBuilder telemetry)
    {
        telemetry.ConfigureResource(resource => OtlpEnvironment.Describe(resource, "weft"));
        telemetry.WithMetrics(metrics => metrics
            .AddMeter(WeftMetrics.MeterName, XdsServices.TelemetryName, "Microsoft.AspNetCore.Server.Kestrel")
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        if (OtlpEnvironment.Metrics)
        {
            // The proxies of "weft up" are in this process.
            telemetry.WithMetrics(metrics => metrics.AddMeter(ProxyHost.TelemetryName).AddOtlpExporter());
        }

        if (OtlpEnvironment.Traces)
        {
            telemetry.WithTracing(traces => traces
                .AddSource(PublishTrace.SourceName, XdsServices.TelemetryName).AddOtlpExporter());
        }
    }

    private static void AddLoop(
        IServiceCollection services, string name, Func<IServiceProvider, Func<CancellationToken, Task>> loop) =>
        services.AddSingleton<IHostedService>(p => new HostedLoop(
            name, loop(p), p.GetRequiredService<LoopFailures>(), p.GetRequiredService<IHostApplicationLifetime>(),
            p.GetRequiredService<ILogger<HostedLoop>>()));

    private static void MapParts(WebApplication app, ControlPlaneSettings settings)
    {
        app.MapWhen(
            context => context.Features.Get<AdminConnection>() is not null,
            admin =>
            {
                if (!IPAddress.IsLoopback(settings.Admin.Address))
                {
                    AdminDoor.Use(admin, app.Services.GetRequiredService<XdsServer>().Settings.Authorizer!);
                }

                AdminApi.Use(admin, app.Services);
            });
        // Only now, so that what is served to clients is not found on the admin listener, too.
        app.UseRouting();
        app.MapXds();
        ModuleDoor.Map(app, app.Services.GetRequiredService<PluginSource>().Shelf);
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
    }

    /// <summary>Ready once every source has been read completely, and until the server drains.</summary>
    private sealed class Readiness(PublishLoop loop, XdsServer server) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(server.IsDraining ? HealthCheckResult.Unhealthy("draining")
                : loop.Report.Value.Ready ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("reading sources"));
    }

    /// <summary>The folder of raw resources and its reader, or nothing.</summary>
    private sealed record RawSources(FolderSource? Folder, RawLoop? Loop)
    {
        public static RawSources Of(string? folder)
        {
            var source = folder is null ? null : new FolderSource([folder], TimeProvider.System);
            return new(source, source is null ? null : new RawLoop(source.Snapshot));
        }

        public Latest<RawSnapshot> Snapshot { get; } = Loop?.Snapshot ?? new(RawSnapshot.None);

        public Task RunAsync(CancellationToken cancellation) => Folder is null || Loop is null
            ? Task.CompletedTask
            : Task.WhenAll(Folder.RunAsync(cancellation), Loop.RunAsync(cancellation));
    }
}
