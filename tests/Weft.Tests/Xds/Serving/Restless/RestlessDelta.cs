using System.Net;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.Xds;
using Weft.Xds.Client;

namespace Weft.Tests.Xds.Serving.Restless;

/// <summary>Our own client, over a connection of its own.</summary>
internal sealed class RestlessDelta(string id, int port) : RestlessClient(id)
{
    private readonly Weft.Xds.Client.XdsClient _client = new(
        new XdsClientSettings(new Uri($"http://{IPAddress.Loopback}:{port}"), XdsServerFixture.Node(id))
        {
            Backoff = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(500)),
            KeepAlive = RestlessTests.KeepAlive,
        },
        Check, TimeProvider.System, Random.Shared.NextDouble, NullLogger.Instance);

    protected override string? Trouble => _client.Snapshot.Value.LastError;

    protected override Task RunAsync(CancellationToken stop) => _client.RunAsync(stop);

    protected override IAsyncEnumerable<object> WatchAsync(CancellationToken cancellation) => _client.Snapshot.WatchAsync(cancellation);

    protected override IReadOnlyDictionary<string, string> Held(string type) =>
        _client.Snapshot.Value[type].Resources.ToDictionary(r => r.Key, r => r.Value.Version);

    private static ResourceVerdict Check(string type, string name, Any body) => type switch
    {
        TypeUrl.Cluster => ResourceVerdict.Accept(null, new ResourceReference(TypeUrl.Endpoints, name)),
        TypeUrl.Listener => ResourceVerdict.Accept(null, new ResourceReference(TypeUrl.Route, RestlessTests.Routes)),
        _ => ResourceVerdict.Accept(null),
    };
}
