using System.Collections.Immutable;
using Google.Protobuf;
using Weft.Flow;
using Weft.Model;
using Weft.Telemetry;
using Weft.Translation;
using Weft.Translation.Raw;
using Weft.Translation.Validation;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>What every group of nodes is to have. Pure: a mesh, raw resources and the publication before in, the next out.</summary>
internal sealed record Publication(ResourceGroups Groups, ImmutableArray<Diagnostic> Diagnostics)
{
    public static Publication None { get; } = new(ResourceGroups.Unpublished, []);

    public Publication Next(MeshSnapshot mesh, ImmutableArray<RawResource> raw)
    {
        var translated = Translated(mesh);
        using var step = PublishTrace.Step("weft.check");
        var writer = new Writer(Groups, raw);
        var groups = translated.ToImmutableDictionary(
            t => t.Group, t => writer.Set(t.Group, t.Messages), StringComparer.Ordinal);
        var everybody = writer.Set(NodeGroup.Unknown, []);
        step?.SetTag("weft.resources", writer.Count);
        return new(new(groups, everybody), writer.Diagnostics);
    }

    private static ImmutableArray<(string Group, ImmutableArray<IMessage> Messages)> Translated(MeshSnapshot mesh)
    {
        using var step = PublishTrace.Step("weft.translate");
        var translation = new MeshTranslation(mesh);
        return [.. ProxiesOf(mesh).Select(proxy => (NodeGroup.Of(proxy), translation.For(proxy)))];
    }

    private static IEnumerable<ProxyClass> ProxiesOf(MeshSnapshot mesh) =>
        mesh.Workloads.Keys.Select(ProxyClass (name) => new ProxyClass.Sidecar(name))
            .Concat(mesh.Gateways.Keys.Select(ProxyClass (name) => new ProxyClass.Gateway(name)))
            .Concat(mesh.Workloads.Keys.Concat(mesh.Services.Keys).Select(name => name.Namespace).Distinct(StringComparer.Ordinal)
                .Select(ProxyClass (space) => new ProxyClass.Grpc(space)));

    private sealed class Writer
    {
        private readonly ResourceGroups _before;
        private readonly ImmutableArray<(RawResource Source, XdsResource Resource)> _raw;

        // A message that several groups share is checked and serialised once.
        private readonly Dictionary<IMessage, XdsResource?> _written = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<(string Type, string Name), Diagnostic> _found = [];

        public Writer(ResourceGroups before, ImmutableArray<RawResource> raw)
        {
            _before = before;
            _raw = [.. raw.Select(r => (r, XdsResource.Create(r.TypeUrl, r.Name, r.Body)))];
        }

        /// <summary>How many different resources were written.</summary>
        public int Count => _written.Count + _raw.Length;

        public ImmutableArray<Diagnostic> Diagnostics => [.. _found.Values];

        public ResourceSet Set(string group, ImmutableArray<IMessage> messages)
        {
            var before = _before.For(group);
            var resources = messages.Select(message => Written(message, before)).OfType<XdsResource>().ToList();
            var names = resources.Select(r => (r.TypeUrl, r.Name)).ToHashSet();
            foreach (var (source, resource) in _raw)
            {
                if (names.Add((resource.TypeUrl, resource.Name)))
                {
                    resources.Add(resource);
                    continue;
                }

                _found.TryAdd((resource.TypeUrl, resource.Name), Diagnostic.Error(
                    "WEFT4001", source.Where,
                    $"The raw {TypeUrl.ShortName(resource.TypeUrl)} resource '{resource.Name}' has the name of one that the "
                    + "manifests make: proxies that get both keep the one of the manifests.",
                    "give the raw resource another name"));
            }

            return ResourceSet.Create(resources, before);
        }

        // What breaks Envoy's own rules is not sent: the last good version of that resource stays.
        private XdsResource? Written(IMessage message, ResourceSet? before)
        {
            if (!_written.TryGetValue(message, out var resource))
            {
                resource = XdsResource.Create(message);
                var lastGood = LastGood(resource, before);
                // What is published already has kept the rules; to ask again is most of the work of a small change.
                var violations = lastGood?.Hash == resource.Hash ? [] : EnvoyRules.Check(message);
                if (!violations.IsEmpty)
                {
                    _found[(resource.TypeUrl, resource.Name)] = Diagnostic.Error(
                        "WEFT4002", null,
                        $"The {TypeUrl.ShortName(resource.TypeUrl)} resource '{resource.Name}' made of the manifests breaks a rule "
                        + $"of Envoy's API and is not sent: {string.Join("; ", violations)}.",
                        "change the manifest that it comes from; the last good version stays in force");
                    resource = null;
                }

                _written[message] = resource;
            }

            return resource ?? LastGood(XdsResource.Create(message), before);
        }

        private static XdsResource? LastGood(XdsResource resource, ResourceSet? before) =>
            before is not null && before.Of(resource.TypeUrl).TryGet(resource.Name, out var good) ? good : null;
    }
}
