using System.Collections.Immutable;
using Weft.Admin;
using Weft.ControlPlane;
using Weft.Proxy;
using Weft.Translation;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>A proxy that is connected.</summary>
/// <param name="Node">Its node id.</param>
/// <param name="Group">What it gets.</param>
/// <param name="Class">What kind of node it is, as its bootstrap says.</param>
/// <param name="Client">The program, as it calls itself.</param>
internal sealed record ConnectedProxy(string Node, string Group, string Class, string Client)
{
    private const string Embedded = "weft-proxy";

    /// <summary>What it passes over already now, in words.</summary>
    public ImmutableArray<string> Limits { get; init; } = [];

    /// <summary>Whether it is an embedded proxy, whose judgement is known here.</summary>
    public bool IsEmbedded => Client == Embedded;

    public bool IsGrpc => Class == NodeGroup.GrpcClass;

    public static ConnectedProxy Of(ProxyView proxy) => new(proxy.Node, proxy.Group, proxy.Class, proxy.Client)
    {
        Limits = [.. proxy.Limits.Select(l => l.Message)],
    };
}

/// <summary>A resource that proxies would refuse.</summary>
/// <param name="Nodes">In order.</param>
internal sealed record ForeseenRefusal(ImmutableArray<string> Nodes, ResourceRefusal Refusal)
{
    public string Type => TypeUrl.ShortName(Refusal.TypeUrl);

    public override string ToString() =>
        $"{Type} {Words.Shown(Refusal.Name)} by {Words.Count(Nodes.Length, "proxy", "proxies")}: {Words.Some(Nodes)}";
}

/// <summary>Something that proxies would pass over.</summary>
/// <param name="Nodes">In order.</param>
internal sealed record ForeseenLimit(ImmutableArray<string> Nodes, string Message);

/// <summary>What is known beforehand of how data planes take what they would get anew.</summary>
/// <param name="Refused">What embedded proxies would refuse and do not refuse now.</param>
/// <param name="PassedOver">What gRPC applications would pass over and do not pass over now.</param>
/// <param name="Untried">
/// Who gets something else than now and is no embedded proxy: it is sent nothing that breaks the rules of Envoy's API,
/// and what else it refuses, only it knows.
/// </param>
internal sealed record Foreseen(
    ImmutableArray<ForeseenRefusal> Refused, ImmutableArray<ForeseenLimit> PassedOver, ImmutableArray<string> Untried)
{
    public static Foreseen Nothing { get; } = new([], [], []);

    public static Foreseen Of(PreviewInput input)
    {
        var trial = new ResourceTrial();
        var (refused, untried) = (new List<(string Node, ResourceRefusal What)>(), new List<string>());
        foreach (var same in input.Proxies.GroupBy(p => p.Group, StringComparer.Ordinal))
        {
            var before = input.Served.For(same.Key) ?? ResourceSet.Empty;
            var after = input.Planned.For(same.Key) ?? ResourceSet.Empty;
            if (before.Hash == after.Hash)
            {
                continue;
            }

            var embedded = same.Where(p => p.IsEmbedded).ToList();
            untried.AddRange(same.Except(embedded).Select(p => p.Node));
            var news = embedded.Count == 0 ? [] : trial.Of(after).Except(trial.Of(before));
            refused.AddRange(news.SelectMany(what => embedded.Select(p => (p.Node, what))));
        }

        return new(
            Together(refused, (nodes, what) => new ForeseenRefusal(nodes, what)),
            Together(LimitsOf(input), (nodes, what) => new ForeseenLimit(nodes, what)),
            [.. untried.Order(StringComparer.Ordinal)]);
    }

    private static IEnumerable<(string Node, string What)> LimitsOf(PreviewInput input)
    {
        var known = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var proxy in input.Proxies.Where(p => p.IsGrpc))
        {
            var space = NodeGroup.NameOf(proxy.Node).Namespace;
            if (!known.TryGetValue(space, out var limits))
            {
                known[space] = limits = [.. GrpcLimits.Of(input.Mesh, space).Select(d => d.Message)];
            }

            foreach (var limit in limits.Except(proxy.Limits))
            {
                yield return (proxy.Node, limit);
            }
        }
    }

    // Each thing once, with all whom it concerns.
    private static ImmutableArray<T> Together<T, TWhat>(
        IEnumerable<(string Node, TWhat What)> found, Func<ImmutableArray<string>, TWhat, T> make) =>
        [.. found.GroupBy(f => f.What, f => f.Node)
            .Select(same => make([.. same.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], same.Key))];
}
