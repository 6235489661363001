using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Threading.Channels;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.Xds;
using Resource = Envoy.Service.Discovery.V3.Resource;

namespace Weft.Tests.Proxy;

/// <summary>An ADS server that does what a test says: holds resources, pushes changes, vanishes and comes back.</summary>
internal sealed class FakeControlPlane : IAsyncDisposable
{
    private static readonly string[] Order =
        [TypeUrl.Cluster, TypeUrl.Endpoints, TypeUrl.Secret, TypeUrl.ExtensionConfig, TypeUrl.Listener, TypeUrl.Route];
    private readonly TaskCompletionSource _requestsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<Session> _sessions = [];
    private ImmutableDictionary<(string Type, string Name), Resource> _resources =
        ImmutableDictionary<(string, string), Resource>.Empty;

    private WebApplication? _app;
    private int _version;
    private bool _down;

    /// <summary>Whether it answers who asks for what does not exist, as it should.</summary>
    public bool TellsAbsence { get; set; } = true;

    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>The refusals, as they came.</summary>
    public Channel<DeltaDiscoveryRequest> Nacks { get; } = Channel.CreateUnbounded<DeltaDiscoveryRequest>();

    /// <summary>The first request of each stream.</summary>
    public Channel<DeltaDiscoveryRequest> Hellos { get; } = Channel.CreateUnbounded<DeltaDiscoveryRequest>();

    public static async Task<FakeControlPlane> StartAsync()
    {
        var plane = new FakeControlPlane();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(plane);
        plane._app = builder.Build();
        plane._app.MapGrpcService<Ads>();
        await plane._app.StartAsync();
        var addresses = plane._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        plane.Address = new(addresses.Addresses.Single());
        return plane;
    }

    /// <summary>Puts resources and pushes them in the order of CDS, EDS, SDS, ECDS, LDS, RDS. Returns their version.</summary>
    public string Apply(params IMessage[] messages)
    {
        lock (_lock)
        {
            var version = (++_version).ToString(CultureInfo.InvariantCulture);
            var changed = messages.Select(m => Pack(m, version)).ToLookup(r => r.Resource_.TypeUrl);
            _resources = _resources.SetItems(
                changed.SelectMany(c => c).Select(r => KeyValuePair.Create((r.Resource_.TypeUrl, r.Name), r)));
            foreach (var type in Order.Where(changed.Contains))
            {
                _sessions.ForEach(s => s.Push(type, changed[type], []));
            }

            return version;
        }
    }

    public void Remove(string type, string name)
    {
        lock (_lock)
        {
            _resources = _resources.Remove((type, name));
            _sessions.ForEach(s => s.Push(type, [], [name]));
        }
    }

    /// <summary>Breaks all streams and refuses new ones.</summary>
    /// <summary>Whether a stream goes on when its client has said that it asks nothing more.</summary>
    public bool OutlivesRequests { get; set; }

    /// <summary>Some client has said that it asks nothing more.</summary>
    public Task RequestsEnded => _requestsEnded.Task;

    public void GoDown()
    {
        lock (_lock)
        {
            _down = true;
            _sessions.ForEach(s => s.Break());
            _sessions.Clear();
        }
    }

    public void ComeBack()
    {
        lock (_lock)
        {
            _down = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        GoDown();
        await _app!.DisposeAsync();
    }

    private static Resource Pack(IMessage message, string version) => new()
    {
        Name = message switch
        {
            Cluster m => m.Name,
            ClusterLoadAssignment m => m.ClusterName,
            Listener m => m.Name,
            Secret m => m.Name,
            Envoy.Config.Core.V3.TypedExtensionConfig m => m.Name,
            RouteConfiguration m => m.Name,
            _ => throw new ArgumentException(message.Descriptor.FullName),
        },
        Version = version,
        Resource_ = Any.Pack(message),
    };

    private Session? Join()
    {
        lock (_lock)
        {
            if (_down)
            {
                return null;
            }

            var session = new Session();
            _sessions.Add(session);
            return session;
        }
    }

    private void Take(Session session, DeltaDiscoveryRequest request)
    {
        if (request.ErrorDetail is not null)
        {
            Nacks.Writer.TryWrite(request);
        }

        if (request.Node is not null)
        {
            Hellos.Writer.TryWrite(request);
        }

        lock (_lock)
        {
            session.Take(request, _resources, TellsAbsence);
        }
    }

    private sealed class Session
    {
        private readonly Dictionary<string, HashSet<string>> _names = [];
        private readonly HashSet<string> _wildcards = [];
        private int _nonce;

        public Channel<DeltaDiscoveryResponse> Outgoing { get; } = Channel.CreateUnbounded<DeltaDiscoveryResponse>();

        public CancellationTokenSource Broken { get; } = new();

        public void Break() => Broken.Cancel();

        public void Take(
            DeltaDiscoveryRequest request, ImmutableDictionary<(string Type, string Name), Resource> resources,
            bool tellsAbsence)
        {
            var type = request.TypeUrl;
            var first = _names.TryAdd(type, []);
            _names[type].UnionWith(request.ResourceNamesSubscribe);
            _names[type].ExceptWith(request.ResourceNamesUnsubscribe);
            if (first && request.ResourceNamesSubscribe.Count == 0)
            {
                _wildcards.Add(type);
                Push(
                    type,
                    resources.Where(r => r.Key.Type == type
                        && request.InitialResourceVersions.GetValueOrDefault(r.Key.Name) != r.Value.Version).Select(r => r.Value),
                    request.InitialResourceVersions.Keys.Where(n => !resources.ContainsKey((type, n))));
            }
            else if (request.ResourceNamesSubscribe.Count > 0)
            {
                var found = request.ResourceNamesSubscribe.ToLookup(n => resources.ContainsKey((type, n)));
                Push(type, found[true].Select(n => resources[(type, n)]), tellsAbsence ? found[false] : []);
            }
        }

        public void Push(string type, IEnumerable<Resource> changed, IEnumerable<string> removed)
        {
            if (!_names.TryGetValue(type, out var names))
            {
                return;
            }

            var all = _wildcards.Contains(type);
            var response = new DeltaDiscoveryResponse { TypeUrl = type, Nonce = $"n{++_nonce}" };
            response.Resources.Add(changed.Where(r => all || names.Contains(r.Name)));
            response.RemovedResources.Add(removed.Where(n => all || names.Contains(n)));
            if (all || response.Resources.Count + response.RemovedResources.Count > 0)
            {
                Outgoing.Writer.TryWrite(response);
            }
        }
    }

    private sealed class Ads(FakeControlPlane plane) : AggregatedDiscoveryService.AggregatedDiscoveryServiceBase
    {
        public override async Task DeltaAggregatedResources(
            IAsyncStreamReader<DeltaDiscoveryRequest> requestStream,
            IServerStreamWriter<DeltaDiscoveryResponse> responseStream,
            ServerCallContext context)
        {
            var session = plane.Join() ?? throw new RpcException(new(StatusCode.Unavailable, "the server is down"));
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, session.Broken.Token);
            var reading = ReadAsync(session, requestStream, ended.Token);
            try
            {
                await foreach (var response in session.Outgoing.Reader.ReadAllAsync(ended.Token))
                {
                    await responseStream.WriteAsync(response, ended.Token);
                }
            }
            catch (OperationCanceledException)
            {
                throw new RpcException(new(StatusCode.Unavailable, "the server goes down"));
            }
            finally
            {
                await ended.CancelAsync();
                await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        private async Task ReadAsync(
            Session session, IAsyncStreamReader<DeltaDiscoveryRequest> requests, CancellationToken cancellation)
        {
            while (await requests.MoveNext(cancellation))
            {
                plane.Take(session, requests.Current);
            }

            plane._requestsEnded.TrySetResult();
            if (!plane.OutlivesRequests)
            {
                session.Outgoing.Writer.TryComplete();
            }
        }
    }
}
