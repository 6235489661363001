using System.Collections.Immutable;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Flow;
using DiscoveryResource = Envoy.Service.Discovery.V3.Resource;

namespace Weft.Xds;

/// <summary>
/// Other names of a resource. "Resources are identified by a resource name or an alias" (xds_protocol.rst, "Resource
/// names"): what asks for it by one of them is answered by an envelope that says so, around the same bytes.
/// </summary>
public sealed partial class XdsResource
{
    /// <summary>How many aliases a resource may have.</summary>
    public const int MaxAliases = 1000;

    /// <summary>How many characters an alias may have.</summary>
    public const int MaxAliasLength = 1024;

    private ImmutableArray<string> _domains;

    // An envelope of its own around what another resource is; of none where there is no such resource.
    private XdsResource(string typeUrl, string name, XdsResource? kept, IEnumerable<string> aliases)
    {
        (TypeUrl, Name, Kept) = (typeUrl, name, kept);
        (Body, Hash, Version) = (kept?.Body ?? ByteString.Empty, kept?.Hash ?? ContentHash.Empty, kept?.Version ?? "");
        (References, Aliases, Lifetime) = (kept?.References ?? References.None, kept?.Aliases ?? [], kept?.Lifetime);
        Any = kept?.Any ?? new();
        Envelope = new DiscoveryResource { Name = name, Version = Version, Resource_ = kept?.Any, Aliases = { aliases } };
        Size = Envelope.CalculateSize() + (Lifetime is null ? 0 : Lifetime.MostBytes);
    }

    /// <summary>What a client has once it was sent this: null where this says that there is no such resource.</summary>
    internal XdsResource? Kept { get; }

    /// <summary>Of a virtual host, the domains that it answers.</summary>
    internal ImmutableArray<string> Domains => _domains.IsDefault ? _domains = DomainsOf(Body) : _domains;

    /// <summary>The same resource, which may be asked for by these names, too.</summary>
    /// <param name="aliases">
    /// Where another resource of the type has such a name, that one is meant by it; where several have such an alias,
    /// the first in ordinal order of their names.
    /// </param>
    /// <exception cref="ArgumentException">
    /// One is empty, <c>*</c>, longer than <see cref="MaxAliasLength"/>, the resource's name or there twice, or there are
    /// more than <see cref="MaxAliases"/>.
    /// </exception>
    public XdsResource WithAliases(params IEnumerable<string> aliases)
    {
        ImmutableArray<string> all = [.. aliases.Select(XdsTpName.Canonical)];
        if (all.Length > MaxAliases)
        {
            throw new ArgumentException($"'{Name}' has {all.Length} aliases; it may have {MaxAliases} at the most.", nameof(aliases));
        }

        var seen = new HashSet<string>(StringComparer.Ordinal) { Name };
        foreach (var alias in all)
        {
            var fault = string.IsNullOrEmpty(alias) ? "is empty"
                : alias == Subscriptions.Subscription.Star ? "is '*', which asks for everything"
                : alias.Length > MaxAliasLength ? $"has {alias.Length} characters; it may have {MaxAliasLength} at the most"
                : seen.Add(alias) ? null
                : $"'{alias}' is its name or there twice";
            if (fault is not null)
            {
                throw new ArgumentException($"An alias of '{Name}' {fault}.", nameof(aliases));
            }
        }

        return new(TypeUrl, Name, Body, References, all, Lifetime);
    }

    /// <summary>As it goes to a client that asked for it by these names; they cost that client's stream nothing afterwards.</summary>
    internal XdsResource AskedAs(IEnumerable<string> aliases) => new(TypeUrl, Name, Kept, aliases);

    /// <summary>
    /// The answer that a host is nobody's: "the resources entry for that virtual host has the name and aliases set to the
    /// requested host entry and the resource unpopulated" (vhds.rst).
    /// </summary>
    internal static XdsResource Nothing(string typeUrl, string asked) => new(typeUrl, asked, null, [asked]);

    /// <summary>In place of an assignment that is not published: that the cluster has no endpoints.</summary>
    internal static XdsResource NoEndpoints(string cluster)
    {
        var empty = new ClusterLoadAssignment { ClusterName = cluster };
        return new(Xds.TypeUrl.Endpoints, cluster, empty.ToByteString(), References.None, []) { IsMadeUp = true };
    }

    /// <summary>Whether it is published by nobody.</summary>
    internal bool IsMadeUp { get; private init; }

    private static ContentHash HashOf(
        string typeUrl, string name, ByteString body, ImmutableArray<string> aliases, Lifetime? lifetime)
    {
        using var hasher = new ContentHasher();
        hasher.Add(typeUrl).Add(name).Add(body.Span);
        if (lifetime is not null)
        {
            hasher.Add(lifetime.Span.Ticks);
        }

        return (aliases.IsEmpty ? hasher : hasher.Add(aliases, static (hash, alias) => hash.Add(alias))).Finish();
    }

    private static ImmutableArray<string> DomainsOf(ByteString body)
    {
        try
        {
            return [.. VirtualHost.Parser.ParseFrom(body).Domains];
        }
        catch (InvalidProtocolBufferException)
        {
            // It answers nothing, and who asks for it by its name is told by its client what is wrong.
            return [];
        }
    }
}
