using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Weft.Tests.Xds.Conformance;

/// <summary>A client that speaks state of the world.</summary>
internal sealed class SotwPeer(XdsStage stage, string? only = null) : XdsPeer(stage, only)
{
    private readonly AsyncDuplexStreamingCall<DiscoveryRequest, DiscoveryResponse> _call =
        Services.OpenSotw(stage.Channel, only, Test);

    private readonly Dictionary<string, string[]> _wanted = [];

    // The version of the last response that was accepted.
    private readonly Dictionary<string, string> _good = [];

    public override Task AskAsync(string type, params string[] names)
    {
        _wanted[type] = names;
        return SendAsync(Request(type, LastOrNone(type)?.Nonce ?? ""));
    }

    public override Task AnswerAsync(Heard heard, Google.Rpc.Status? error = null)
    {
        if (error is null)
        {
            _good[heard.Type] = heard.Version;
        }

        var request = Request(heard.Type, heard.Nonce);
        request.ErrorDetail = error;
        return SendAsync(request);
    }

    /// <summary>A request as the test has it, but for the node and, where the service says it, the type.</summary>
    public Task SendAsync(DiscoveryRequest request)
    {
        request.Node = TakeNode();
        return SendAsync(_call.RequestStream, request);
    }

    public DiscoveryRequest Request(string type, string nonce) => new()
    {
        TypeUrl = Only is null ? ShortType.Url(type) : "",
        VersionInfo = _good.GetValueOrDefault(type, ""),
        ResponseNonce = nonce,
        ResourceNames = { _wanted.GetValueOrDefault(type, []) },
    };

    public override async Task IsSilentAsync()
    {
        Assert.Null(Only);
        await AskAsync(ShortType.Mark);
        await AskAsync(ShortType.Mark, "m");
        await HearsAsync("mark m@1");
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
        Assert.Equal(Stage.Server.Settings.ControlPlaneIdentifier, response.ControlPlane.Identifier);
        return new(
            ShortType.Of(response.TypeUrl),
            response.Nonce,
            response.VersionInfo,
            [.. response.Resources
                .Select(r => ResourceOf(response, r))
                .OrderBy(r => r.Label, StringComparer.Ordinal)],
            [],
            ErrorsOf(response, 7));
    }

    // "The relevant resources must be wrapped in a Resource" (xds_protocol.rst, "SotW TTL"); the others are not.
    private Heard.Resource ResourceOf(DiscoveryResponse response, Any any)
    {
        if (any.Is(Resource.Descriptor))
        {
            var wrapped = any.Unpack<Resource>();
            Assert.Equal(response.VersionInfo, wrapped.Version);
            Assert.Equal(response.TypeUrl, wrapped.Resource_?.TypeUrl ?? response.TypeUrl);
            return Living(wrapped);
        }

        Assert.Equal(response.TypeUrl, any.TypeUrl);
        return new(Stage.LabelOf(any.TypeUrl, any.Value), "", any.Value);
    }
}
