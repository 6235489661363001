using System.Net.Sockets;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Weft.Xds;

namespace Weft.Tests.Xds.Serving;

/// <summary>A real server on a port of loopback, and a client over real gRPC.</summary>
internal sealed class XdsServerFixture : IAsyncDisposable
{
    private readonly WebApplication _app;

    private XdsServerFixture(WebApplication app, GrpcChannel channel)
    {
        _app = app;
        Channel = channel;
        Ads = new(channel);
    }

    public GrpcChannel Channel { get; }

    public AggregatedDiscoveryService.AggregatedDiscoveryServiceClient Ads { get; }

    public IServiceProvider Services => _app.Services;

    public string Url => _app.Urls.Single();

    public XdsServer Server => _app.Services.GetRequiredService<XdsServer>();

    public static async Task<XdsServerFixture> StartAsync(
        XdsServerSettings? settings = null,
        FakeTimeProvider? time = null,
        ILoggerProvider? log = null,
        HttpProtocols protocols = HttpProtocols.Http2,
        int port = 0,
        Action<GrpcServiceOptions>? grpc = null,
        Action<ListenOptions>? listen = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, port, l =>
        {
            l.Protocols = protocols;
            listen?.Invoke(l);
        }));
        if (time is not null)
        {
            builder.Services.AddSingleton<TimeProvider>(time);
        }

        builder.Services.AddXds(settings);
        builder.Services.Configure<GrpcServiceOptions>(options => grpc?.Invoke(options));
        var app = builder.Build();
        app.MapXds();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, GrpcChannel.ForAddress(app.Urls.Single()));
    }

    /// <summary>A channel over a connection that the test has its hand on.</summary>
    public GrpcChannel ChannelOver(Func<Stream, Stream> connection) => GrpcChannel.ForAddress(_app.Urls.Single(), new()
    {
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return connection(new NetworkStream(socket, ownsSocket: true));
            },
        },
    });

    public AsyncDuplexStreamingCall<DiscoveryRequest, DiscoveryResponse> Sotw() =>
        Ads.StreamAggregatedResources(cancellationToken: TestContext.Current.CancellationToken);

    public AsyncDuplexStreamingCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> Delta() =>
        Ads.DeltaAggregatedResources(cancellationToken: TestContext.Current.CancellationToken);

    public Uri Address => new(_app.Urls.Single());

    public Task StopAsync() => _app.StopAsync();

    /// <summary>Ends it as a crash does: connections break.</summary>
    public Task KillAsync() => _app.StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }

    public static Node Node(string id) => new() { Id = id };
}
