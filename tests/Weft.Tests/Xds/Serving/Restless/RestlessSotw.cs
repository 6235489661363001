using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Weft.Flow;
using Weft.Xds;
using Call = Grpc.Core.AsyncDuplexStreamingCall<
    Envoy.Service.Discovery.V3.DiscoveryRequest, Envoy.Service.Discovery.V3.DiscoveryResponse>;
using State = System.Collections.Immutable.ImmutableDictionary<string, System.Collections.Immutable.ImmutableDictionary<string, string>>;

namespace Weft.Tests.Xds.Serving.Restless;

/// <summary>A client that speaks state of the world, over a connection that it shares with others.</summary>
internal sealed class RestlessSotw(string id, ChannelBase channel) : RestlessClient(id)
{
    private static readonly ImmutableDictionary<string, string> Nothing = ImmutableDictionary<string, string>.Empty;

    private readonly Latest<State> _held = new(State.Empty);
    private readonly Dictionary<string, (string Version, string Nonce)> _last = [];
    private readonly Dictionary<string, string[]> _names = [];

    private string? _trouble;

    protected override string? Trouble => _trouble;

    protected override IAsyncEnumerable<object> WatchAsync(CancellationToken cancellation) => _held.WatchAsync(cancellation);

    protected override IReadOnlyDictionary<string, string> Held(string type) => _held.Value.GetValueOrDefault(type, Nothing);

    protected override async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stop);
            }
            catch (Exception e) when (e is RpcException or IOException or HttpRequestException or InvalidOperationException
                or OperationCanceledException)
            {
                _trouble = e.Message;
            }
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        // Where there is no server it waits for the next one.
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel)
            .StreamAggregatedResources(new CallOptions(cancellationToken: stop).WithWaitForReady());
        // A nonce "must not survive a stream restart".
        foreach (var (type, last) in _last.ToList())
        {
            _last[type] = last with { Nonce = "" };
        }

        await AskAsync(call, TypeUrl.Cluster, []);
        await AskAsync(call, TypeUrl.Listener, []);
        foreach (var (type, names) in _names.Where(n => n.Value.Length > 0).ToList())
        {
            await AskAsync(call, type, names);
        }

        while (await call.ResponseStream.MoveNext(stop))
        {
            await TakeAsync(call, call.ResponseStream.Current);
        }
    }

    private async Task TakeAsync(Call call, DiscoveryResponse response)
    {
        var type = response.TypeUrl;
        _last[type] = (response.VersionInfo, response.Nonce);
        var said = response.Resources.Select(r => XdsResource.Create(type, NameOf(type, r), r.Value)).ToDictionary(r => r.Name, r => r.Version);
        var before = type is TypeUrl.Cluster or TypeUrl.Listener ? Nothing : _held.Value.GetValueOrDefault(type, Nothing);
        _held.Set(_held.Value.SetItem(type, before.SetItems(said)));
        await AskAsync(call, type, _names.GetValueOrDefault(type, []));
        if (type == TypeUrl.Cluster)
        {
            await FollowAsync(call, TypeUrl.Endpoints, [.. said.Keys.Order(StringComparer.Ordinal)]);
        }
        else if (type == TypeUrl.Listener)
        {
            await FollowAsync(call, TypeUrl.Route, [RestlessTests.Routes]);
        }
    }

    // Asks for what was named, and drops what no longer is.
    private async Task FollowAsync(Call call, string type, string[] names)
    {
        if (!names.SequenceEqual(_names.GetValueOrDefault(type, [])))
        {
            _names[type] = names;
            var held = _held.Value.GetValueOrDefault(type, Nothing);
            _held.Set(_held.Value.SetItem(type, held.RemoveRange(held.Keys.Except(names))));
            await AskAsync(call, type, names);
        }
    }

    private Task AskAsync(Call call, string type, string[] names)
    {
        var (version, nonce) = _last.GetValueOrDefault(type, ("", ""));
        return call.RequestStream.WriteAsync(new()
        {
            Node = XdsServerFixture.Node(Id),
            TypeUrl = type,
            VersionInfo = version,
            ResponseNonce = nonce,
            ResourceNames = { names },
        });
    }

    private static string NameOf(string type, Any any) => type switch
    {
        TypeUrl.Cluster => Parse(Cluster.Parser, any).Name,
        TypeUrl.Endpoints => Parse(ClusterLoadAssignment.Parser, any).ClusterName,
        TypeUrl.Listener => Parse(Listener.Parser, any).Name,
        _ => Parse(RouteConfiguration.Parser, any).Name,
    };

    private static T Parse<T>(MessageParser<T> parser, Any any) where T : IMessage<T> => parser.ParseFrom(any.Value);
}
