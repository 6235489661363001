using Google.Protobuf;
using Weft.Xds;

namespace Weft.Tests.Xds.Conformance;

/// <summary>How resources lie in responses.</summary>
public sealed class PayloadTests
{
    [Theory, AllWires]
    public async Task D53_what_is_too_large_for_one_response_comes_in_several(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(new XdsServerSettings { MaxResponseBytes = 1024 });
        var names = Enumerable.Range(0, 100).Select(i => $"assignment-{i:000}").ToArray();
        stage.Publish([.. names.Select(name => $"eds/{name}@1")]);
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", names);
        var heard = new List<string>();
        for (var responses = 1; heard.Count < names.Length; responses++)
        {
            var next = await peer.NextAsync();
            Assert.InRange(next.Resources.Sum(r => r.Body.Length), 1, 1024);
            heard.AddRange(next.Resources.Select(r => r.Label));
        }

        Assert.Equal(names.Select(name => $"{name}@1"), heard.Order(StringComparer.Ordinal));
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B72_bytes_pass_as_they_are(Wire wire)
    {
        // A field that this server does not know (number 2000), and one that is out of order.
        var body = ByteString.CopyFrom([0x82, 0x7d, 0x01, 0xff, .. new Envoy.Config.Cluster.V3.Cluster { Name = "a" }.ToByteArray()]);
        await using var stage = await XdsStage.StartAsync();
        stage.Server.Publish(ResourceSet.Create([XdsResource.Create(TypeUrl.Cluster, "a", body)]));
        using var peer = stage.Connect(wire, "cds");
        await peer.AskAsync("cds", "a");
        Assert.Equal(body, Assert.Single((await peer.NextAsync()).Resources).Body);
    }
}
