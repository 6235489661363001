using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Flow;
using Weft.Proxy.Config;
using Weft.Xds;
using Weft.Xds.Client;
using XdsResource = Weft.Xds.XdsResource;

namespace Weft.Proxy;

/// <summary>A resource that a proxy refuses: it answers NACK and keeps what it had of it, if anything.</summary>
/// <param name="TypeUrl">Its type, as in <see cref="Xds.TypeUrl"/>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Reason">What the proxy says about it.</param>
public sealed record ResourceRefusal(string TypeUrl, string Name, string Reason);

/// <summary>
/// Tells what a proxy of this version refuses, before it is sent, by the same code that the proxy uses. What it has
/// judged it remembers, so many sets that share resources cost little more than one. For one thread.
/// </summary>
public sealed class ResourceTrial
{
    private readonly Dictionary<ContentHash, ResourceVerdict> _verdicts = [];

    /// <summary>
    /// What a proxy refuses that is served this set. It asks for all clusters and listeners, and by name for what these
    /// need; nothing else concerns it.
    /// </summary>
    public ImmutableArray<ResourceRefusal> Of(ResourceSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var refused = ImmutableArray.CreateBuilder<ResourceRefusal>();
        var asked = new HashSet<ResourceReference>();
        foreach (var resource in set.Of(TypeUrl.Cluster).All.Concat(set.Of(TypeUrl.Listener).All))
        {
            asked.UnionWith(Judge(resource, refused));
        }

        foreach (var reference in asked)
        {
            // Of the types that are asked for by name, none needs another.
            if (set.Of(reference.TypeUrl).TryGet(reference.Name, out var resource))
            {
                Judge(resource, refused);
            }
        }

        return refused.ToImmutable();
    }

    private ImmutableArray<ResourceReference> Judge(
        XdsResource resource, ImmutableArray<ResourceRefusal>.Builder refused)
    {
        if (!_verdicts.TryGetValue(resource.Hash, out var verdict))
        {
            _verdicts[resource.Hash] = verdict = Verdict(resource);
        }

        if (verdict.Error is { } reason)
        {
            refused.Add(new(resource.TypeUrl, resource.Name, reason));
        }

        return verdict.RefersTo;
    }

    private static ResourceVerdict Verdict(XdsResource resource)
    {
        // Whether a plugin starts, only a proxy finds out.
        if (resource.TypeUrl == TypeUrl.ExtensionConfig)
        {
            return ResourceVerdict.Accept(null);
        }

        try
        {
            return ResourceDecoding.Check(
                resource.TypeUrl, resource.Name, new Any { TypeUrl = resource.TypeUrl, Value = resource.Body });
        }
        catch (InvalidProtocolBufferException e)
        {
            return ResourceVerdict.Reject($"the message cannot be read: {e.Message}");
        }
    }
}
