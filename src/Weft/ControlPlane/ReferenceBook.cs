using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Translation;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>What each resource names; found once for each, however many groups share it. Safe for any number of threads.</summary>
internal sealed class ReferenceBook
{
    private readonly ConditionalWeakTable<XdsResource, Page> _pages = [];
    private readonly ConditionalWeakTable<XdsResource, RouteConfiguration> _routes = [];

    private sealed record Page(ImmutableArray<Reference> References);

    public ImmutableArray<Reference> Of(XdsResource resource) =>
        _pages.GetValue(resource, static r => new(EnvoyReferences.Of(r.TypeUrl, r.Body))).References;

    /// <summary>Takes note of a resource while its message is at hand.</summary>
    public void Note(XdsResource resource, IMessage message) =>
        _pages.AddOrUpdate(resource, new(EnvoyReferences.Of(message)));

    /// <summary>The message of a resource made of the manifests that is one of routes. Nobody may change it.</summary>
    public RouteConfiguration RoutesOf(XdsResource resource) =>
        _routes.GetValue(resource, static r => RouteConfiguration.Parser.ParseFrom(r.Body));
}
