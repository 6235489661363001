using System.Diagnostics.Metrics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Weft.Testing;
using Weft.Tests.Xds.Serving;
using Weft.Xds;

namespace Weft.Tests.Xds.Conformance;

/// <summary>
/// A real server on loopback and what it publishes. Its clock stands still unless a test moves it, so that nothing is
/// sent because some time has gone by.
/// </summary>
internal sealed class XdsStage : IAsyncDisposable
{
    // What a resource on the wire is called in the tests: by its type and bytes.
    private readonly Dictionary<(string, ByteString), string> _labels = [];
    private readonly XdsServerFixture _fixture;

    private XdsStage(XdsServerFixture fixture)
    {
        _fixture = fixture;
        Requests = new(fixture.Services.GetRequiredService<IMeterFactory>(), "weft.xds.requests");
    }

    /// <summary>Tells of each request that the server has taken up: what is published after that is looked at after it.</summary>
    public MetricCount Requests { get; }

    public FakeTimeProvider Time { get; private init; } = null!;

    public XdsServer Server => _fixture.Server;

    public ChannelBase Channel => _fixture.Channel;

    public static async Task<XdsStage> StartAsync(params string[] resources)
    {
        var stage = await StartAsync(new XdsServerSettings());
        stage.Publish(resources);
        return stage;
    }

    /// <summary>A server that has published nothing yet.</summary>
    public static async Task<XdsStage> StartAsync(XdsServerSettings settings)
    {
        var time = new FakeTimeProvider();
        return new(await XdsServerFixture.StartAsync(settings, time)) { Time = time };
    }

    /// <summary>
    /// Publishes these and no others, written as <c>type/name@version</c>, with <c>~30s</c> behind for a time to live, and
    /// <c>>needs</c>.
    /// </summary>
    public void Publish(params string[] resources) => Server.Publish(Set(resources));

    /// <summary>Publishes these, and why others cannot be had: <c>type/name!code</c>.</summary>
    public void PublishWith(string[] errors, params string[] resources) =>
        Server.Publish(Set(resources).WithErrors(errors.Select(ErrorOf)));

    public void PublishTo(string group, params string[] resources) => Server.Publish(group, Set(resources));

    /// <summary>
    /// The resource that such a text means: <c>cds/a@1>a</c> is a cluster whose endpoints come by EDS, <c>cds/a@1~x,y</c>
    /// one with aliases, <c>vhds/r/a@1>a.test,b.test</c> a virtual host of two domains.
    /// </summary>
    public XdsResource Make(string text)
    {
        var (timeless, lifetime) = Resources.CutLifetime(text);
        var (bare, aliases) = Cut(timeless, '~');
        var (type, rest) = Cut(bare, '/');
        var (label, needs) = Cut(rest, '>');
        // The bytes hold the whole label, so that they tell two resources apart.
        var resource = Resources.Make(ShortType.Url(type), Cut(label, '@').Left, label, Words(needs)).WithAliases(Words(aliases));
        lock (_labels)
        {
            _labels[(resource.TypeUrl, resource.Body)] = label;
        }

        return resource.WithTimeToLive(Resources.LifetimeOf(lifetime));
    }

    public string LabelOf(string typeUrl, ByteString body)
    {
        lock (_labels)
        {
            return _labels.GetValueOrDefault((typeUrl, body), "?");
        }
    }

    public XdsPeer Connect(Wire wire, string type) => wire switch
    {
        Wire.Sotw => new SotwPeer(this),
        Wire.Delta => new DeltaPeer(this),
        Wire.SotwAlone => new SotwPeer(this, type),
        _ => new DeltaPeer(this, type),
    };

    public SotwPeer Sotw(Wire wire, string type) => (SotwPeer)Connect(wire, type);

    public DeltaPeer Delta(Wire wire, string type) => (DeltaPeer)Connect(wire, type);

    /// <summary>How far the server thinks its only client is with a type.</summary>
    public TypeStatus StatusOf(string type) =>
        Assert.Single(Server.Clients).Types.Single(t => t.TypeUrl == ShortType.Url(type));

    public async ValueTask DisposeAsync()
    {
        await _fixture.DisposeAsync();
        Requests.Dispose();
    }

    private static ResourceError ErrorOf(string text)
    {
        var (type, rest) = Cut(text, '/');
        var (name, code) = Cut(rest, '!');
        return new(ShortType.Url(type), name, (StatusCode)int.Parse(code, CultureInfo.InvariantCulture), "so it is");
    }

    private ResourceSet Set(string[] resources) => ResourceSet.Create(resources.Append("mark/m@1").Select(Make));

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static (string Left, string Right) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is var i && i < 0 ? (text, "") : (text[..i], text[(i + 1)..]);
}
