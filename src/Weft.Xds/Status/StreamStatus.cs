using System.Collections.Immutable;
using Envoy.Service.Status.V3;
using Weft.Xds.Streams;

namespace Weft.Xds.Statuses;

/// <summary>How far a stream is with each resource. Immutable.</summary>
internal sealed record StreamStatus(ImmutableArray<ResourceStatus> Resources)
{
    /// <summary>Looks at a stream's machine; only the machine's owner may.</summary>
    /// <param name="set">What the client is to have; null where nothing has been published for it.</param>
    public static StreamStatus Of(ImmutableArray<TypeState> types, ResourceSet? set) =>
        new([.. types.SelectMany(type => Of(type, (set ?? ResourceSet.Empty).Of(type.TypeUrl)))]);

    private static IEnumerable<ResourceStatus> Of(TypeState type, ResourceMap map)
    {
        var sent = type.Sent.Select(pair => Sent(type, pair.Key, pair.Value, map));
        var waiting = type.Subscription.Of(map).Where(resource => !type.WasSent(resource.Name))
            .Select(resource => new ResourceStatus(type.TypeUrl, resource.Name, resource, ConfigStatus.NotSent));
        // What a client asks for and nobody has published is the commonest reason for its waiting.
        var absent = type.Subscription.Names.Where(name => !map.Contains(name) && !type.WasSent(name))
            .Select(name => new ResourceStatus(type.TypeUrl, name, null, ConfigStatus.NotSent));
        return sent.Concat(waiting).Concat(absent);
    }

    private static ResourceStatus Sent(TypeState type, string name, Delivered delivered, ResourceMap map)
    {
        var rejection = type.Trial.TryGetHeld(name, out var held) && held.Error is not null
            ? new Rejection(held.Resource, held.Error, TimeSpan.FromSeconds(held.Second))
            : null;
        if (rejection is not null && (!map.TryGet(name, out var now) || now.Hash == held.Resource.Hash))
        {
            return new(type.TypeUrl, name, held.Resource, ConfigStatus.Error) { SentAt = rejection.SentAt, Rejection = rejection };
        }

        if (map.TryGet(name, out var published) && !type.IsCurrent(published))
        {
            return new(type.TypeUrl, name, published, ConfigStatus.NotSent) { Rejection = rejection };
        }

        // What the client has and is to lose stays listed until the removal is sent.
        var state = delivered.Resource is null ? ConfigStatus.Unknown
            : delivered.Nonce > type.LastAnswered ? ConfigStatus.Stale
            : ConfigStatus.Synced;
        var sentAt = delivered.Nonce > 0 ? TimeSpan.FromSeconds(delivered.Second) : (TimeSpan?)null;
        return new(type.TypeUrl, name, delivered.Resource, state) { SentAt = sentAt };
    }
}

/// <summary>How far a stream is with one resource.</summary>
/// <param name="Resource">
/// What the client has been sent last, or what waits to be sent; null where there is no such resource, or the client has
/// one of a version that is not known here.
/// </param>
internal sealed record ResourceStatus(string TypeUrl, string Name, XdsResource? Resource, ConfigStatus State)
{
    /// <summary>When it was sent, from the stream's opening; null where it has not been.</summary>
    public TimeSpan? SentAt { get; init; }

    /// <summary>What the client said against the last version that it was sent; null where nothing.</summary>
    public Rejection? Rejection { get; init; }
}

/// <summary>A version that a client has rejected, with its words.</summary>
internal sealed record Rejection(XdsResource Resource, string Error, TimeSpan? SentAt);
