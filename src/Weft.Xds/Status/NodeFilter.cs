using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Xds.Statuses;

/// <summary>Which clients a request for status asks for.</summary>
internal sealed class NodeFilter
{
    // What one request may ask for: each is tried on each client.
    private const int MostMatchers = 100;

    private readonly ImmutableArray<ImmutableArray<Predicate<Node>>> _anyOf;

    private NodeFilter(ImmutableArray<ImmutableArray<Predicate<Node>>> anyOf) => _anyOf = anyOf;

    /// <exception cref="ArgumentException">A matcher is none that this server knows.</exception>
    public static NodeFilter Of(IReadOnlyCollection<NodeMatcher> matchers)
    {
        var parts = matchers.Sum(m => 1 + m.NodeMetadatas.Count);
        return parts <= MostMatchers
            ? new([.. matchers.Select(Of)])
            : throw new ArgumentException($"A request may have {MostMatchers} matchers; this one has {parts}.");
    }

    // "The match follows OR semantics" among matchers, "AND semantics" within one. Where none is given all are meant.
    public bool Matches(Node node) => _anyOf.IsEmpty || _anyOf.Any(all => all.All(matches => matches(node)));

    private static ImmutableArray<Predicate<Node>> Of(NodeMatcher matcher)
    {
        var all = ImmutableArray.CreateBuilder<Predicate<Node>>();
        if (matcher.NodeId is { } id)
        {
            var matches = ValueFilter.Of(id);
            all.Add(node => matches(node.Id));
        }

        all.AddRange(matcher.NodeMetadatas.Select(Of));
        return all.ToImmutable();
    }

    private static Predicate<Node> Of(StructMatcher matcher)
    {
        if (matcher.Path.Count == 0 || matcher.Path.Any(segment => segment.Key.Length == 0))
        {
            throw new ArgumentException("A matcher of node_metadatas needs a path of keys.");
        }

        ImmutableArray<string> path = [.. matcher.Path.Select(segment => segment.Key)];
        var matches = ValueFilter.Of(matcher.Value);
        return node => matches(At(node.Metadata, path));
    }

    // Null where nothing is there.
    private static Value? At(Struct? metadata, ImmutableArray<string> path)
    {
        Value? value = null;
        foreach (var key in path)
        {
            value = metadata?.Fields.GetValueOrDefault(key);
            metadata = value?.StructValue;
        }

        return value;
    }
}
