using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Grpc.Core;

namespace Weft.Tests.Xds.Conformance;

/// <summary>A client that speaks delta.</summary>
internal sealed class DeltaPeer(XdsStage stage, string? only = null) : XdsPeer(stage, only)
{
    private readonly AsyncDuplexStreamingCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> _call =
        Services.OpenDelta(stage.Channel, only, Test);

    private readonly Dictionary<string, string[]> _wanted = [];

    public override Task AskAsync(string type, params string[] names)
    {
        var before = _wanted.GetValueOrDefault(type, []);
        _wanted[type] = names;
        return SendAsync(type, [.. names.Except(before)], [.. before.Except(names)]);
    }

    public Task SubscribeAsync(string type, params string[] names) => SendAsync(type, names, []);

    public Task UnsubscribeAsync(string type, params string[] names) => SendAsync(type, [], names);

    /// <summary>The first request of a type after a stream that ended: with what it kept, <c>a@1</c> and so on.</summary>
    public Task ReturnAsync(string type, string[] subscribe, params string[] kept)
    {
        var request = Request(type, subscribe, []);
        foreach (var label in kept)
        {
            request.InitialResourceVersions.Add(label.Split('@')[0], Stage.Make($"{type}/{label}").Version);
        }

        return SendAsync(request);
    }

    public override Task AnswerAsync(Heard heard, Google.Rpc.Status? error = null)
    {
        var request = Request(heard.Type, [], []);
        (request.ResponseNonce, request.ErrorDetail) = (heard.Nonce, error);
        return SendAsync(request);
    }

    /// <summary>A request as the test has it, but for the node and, where the service says it, the type.</summary>
    public Task SendAsync(DeltaDiscoveryRequest request)
    {
        request.Node = TakeNode();
        return SendAsync(_call.RequestStream, request);
    }

    public DeltaDiscoveryRequest Request(string type, string[] subscribe, string[] unsubscribe) => new()
    {
        TypeUrl = Only is null ? ShortType.Url(type) : "",
        ResourceNamesSubscribe = { subscribe },
        ResourceNamesUnsubscribe = { unsubscribe },
    };

    // A name that does not exist is answered each time that it is asked for.
    public override async Task IsSilentAsync()
    {
        var type = Only ?? ShortType.Mark;
        await SubscribeAsync(type, "nobody");
        await HearsAsync($"{type} -nobody");
    }

    public override Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    public override void Dispose() => _call.Dispose();

    protected override async Task<Heard?> ReadAsync()
    {
        if (!await _call.ResponseStream.MoveNext(Test))
        {
            return null;
        }

        var response = _call.ResponseStream.Current;
        Assert.All(response.Resources, r => Assert.Equal(response.TypeUrl, r.Resource_?.TypeUrl ?? response.TypeUrl));
        Assert.All(response.Resources, r => Assert.Equal(r.Resource_ is null && r.Ttl is null, r.Version.Length == 0));
        Assert.Empty(response.RemovedResourceNames);
        Assert.Equal(Stage.Server.Settings.ControlPlaneIdentifier, response.ControlPlane.Identifier);
        return new(
            ShortType.Of(response.TypeUrl),
            response.Nonce,
            response.SystemVersionInfo,
            [.. response.Resources.Select(ResourceOf).OrderBy(r => r.Label, StringComparer.Ordinal)],
            [.. response.RemovedResources.Order(StringComparer.Ordinal)],
            ErrorsOf(response, 9));
    }

    private Heard.Resource ResourceOf(Resource resource)
    {
        if (resource.Resource_ is null && resource.Ttl is null)
        {
            Assert.Equal(resource.Name, Assert.Single(resource.Aliases));
            return new($"{resource.Name}@none", resource.Version, ByteString.Empty);
        }

        var living = Living(resource);
        var aliases = resource.Aliases.Count == 0 ? "" : $"({string.Join(',', resource.Aliases.Order(StringComparer.Ordinal))})";
        return living with { Label = living.Label + aliases };
    }

    private Task SendAsync(string type, string[] subscribe, string[] unsubscribe) =>
        SendAsync(Request(type, subscribe, unsubscribe));
}
