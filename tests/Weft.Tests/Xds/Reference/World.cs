using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Envoy.Config.Endpoint.V3;
using Weft.Xds;

namespace Weft.Tests.Xds.Reference;

/// <summary>What is published: small resources in a few versions, two of which a client rejects.</summary>
internal sealed class World
{
    public static readonly string[] Names = ["a", "b", "c", "d"];

    public static readonly string[] Types =
        [TypeUrl.Cluster, TypeUrl.Endpoints, TypeUrl.Listener, TypeUrl.Route, TypeUrl.Secret, "x/Other"];

    public const int Versions = 7;

    private static readonly ConcurrentDictionary<(string Type, string Name, int Version), XdsResource> Made = new();
    private static readonly ConcurrentDictionary<string, string> Labels = new();
    private static readonly ConcurrentDictionary<string, string> Empty = new();

    // 0 where there is none.
    private readonly int[,] _versions = new int[Types.Length, Names.Length];

    public ResourceSet? Set { get; private set; }

    public static bool IsBad(XdsResource resource) => VersionOf(resource) is 3 or 6;

    /// <summary>Whether a client rejects it, be it bad or not.</summary>
    /// <param name="whim">A bit for each name that it rejects for no reason.</param>
    public static bool IsRejected(XdsResource resource, int whim) =>
        IsBad(resource) || ((whim >> Array.IndexOf(Names, resource.Name)) & 1) == 1;

    public static string LabelOf(XdsResource resource) => Labels.GetValueOrDefault(resource.Version, $"{resource.Name}@empty");

    /// <summary>The version of an assignment without endpoints.</summary>
    public static string EmptyVersion(string name) =>
        Empty.GetOrAdd(name, n => XdsResource.Create(new ClusterLoadAssignment { ClusterName = n }).Version);

    public static XdsResource Of(string type, string name, int version) =>
        Made.GetOrAdd((type, name, version), key => Make(key.Type, key.Name, key.Version));

    /// <summary>A cluster with an odd version takes its endpoints from the stream; one with version 4 those of its neighbour.</summary>
    public static ImmutableArray<string> NeedsOf(XdsResource resource) => Needs(resource.Name, VersionOf(resource));

    public void Change(string type, string name, int version) =>
        _versions[Array.IndexOf(Types, type), Array.IndexOf(Names, name)] = version;

    public ResourceSet Publish(bool anew)
    {
        var resources =
            from type in Types
            from name in Names
            let version = _versions[Array.IndexOf(Types, type), Array.IndexOf(Names, name)]
            where version > 0
            select anew ? Make(type, name, version) : Of(type, name, version);
        return Set = ResourceSet.Create(resources, anew ? null : Set);
    }

    // 0 for what the server made itself.
    private static int VersionOf(XdsResource resource) => Labels.TryGetValue(resource.Version, out var label) ? label[^1] - '0' : 0;

    private static ImmutableArray<string> Needs(string name, int version) => version switch
    {
        4 => [Names[(Array.IndexOf(Names, name) + 1) % Names.Length]],
        _ => version % 2 == 1 ? [name] : [],
    };

    private static XdsResource Make(string type, string name, int version)
    {
        var needs = type is TypeUrl.Cluster or TypeUrl.Listener ? Needs(name, version) : [];
        var resource = Resources.Make(type, name, version.ToString(CultureInfo.InvariantCulture), [.. needs]);
        Labels[resource.Version] = string.Create(CultureInfo.InvariantCulture, $"{name}@{version}");
        return resource;
    }
}
