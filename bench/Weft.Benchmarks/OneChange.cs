using System.Collections.Immutable;
using System.Diagnostics;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Model;

namespace Weft.Benchmarks;

/// <summary>
/// What one change costs in a small mesh and in a large one: from the changed object to the set that a proxy with all
/// services is to be sent. Services of ten endpoints, each with a slice and a route to another service.
/// </summary>
internal sealed class OneChange
{
    private const int EndpointsEach = 10;
    private static readonly SourcePosition Where = new("mesh.yaml", 1, 1);
    private static readonly ImmutableSortedDictionary<string, string> NoLabels = ImmutableSortedDictionary<string, string>.Empty;

    private MeshObjects _objects;
    private MeshComposition _composition;
    private Publication _publication;

    private OneChange(int services)
    {
        _objects = MeshObjects.Empty with
        {
            Services = [.. Enumerable.Range(0, services).Select(Service)],
            EndpointSlices = [.. Enumerable.Range(0, services).Select(i => Slice(i, 0))],
            Routes = [.. Enumerable.Range(0, services).Select(i => Route(i, services, 10))],
            Workloads = [new(Name("client"), null, NoLabels, "127.0.0.1", null, null, 9000, [], null, Where)],
        };
        _composition = MeshComposer.Compose(_objects);
        _publication = Publication.None.Next(_composition.Snapshot, []);
        _publication.Groups.For("sidecar/client.shop");
    }

    public static void Run(int small, int large, int rounds)
    {
        Console.WriteLine($"{rounds} changes each, alternating; microseconds, medians: {small * EndpointsEach} endpoints, {large * EndpointsEach} endpoints, ratio");
        var meshes = (Small: new OneChange(small), Large: new OneChange(large));
        Report("one endpoint", rounds, meshes, (mesh, i) => mesh.ChangeEndpoint(i));
        Report("one route", rounds, meshes, (mesh, i) => mesh.ChangeRoute(i));
        Report("one service more or less", rounds, meshes, (mesh, i) => mesh.ChangeServices(i));
    }

    private static void Report(string what, int rounds, (OneChange Small, OneChange Large) meshes, Action<OneChange, int> change)
    {
        var (small, large) = (new List<double>(), new List<double>());
        // The first tenth warms the code up.
        for (var i = 0; i < rounds + (rounds / 10); i++)
        {
            var took = (Took(() => change(meshes.Small, i)), Took(() => change(meshes.Large, i)));
            if (i >= rounds / 10)
            {
                small.Add(took.Item1);
                large.Add(took.Item2);
            }
        }

        var (few, many) = (Median(small), Median(large));
        Console.WriteLine(FormattableString.Invariant($"{what}: {few:F0}, {many:F0}, {many / few:F2}"));
    }

    private static double Took(Action change)
    {
        var start = Stopwatch.GetTimestamp();
        change();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private void ChangeEndpoint(int round)
    {
        var at = round % _objects.EndpointSlices.Length;
        Publish(_objects with { EndpointSlices = _objects.EndpointSlices.SetItem(at, Slice(at, round + 1)) });
    }

    private void ChangeRoute(int round)
    {
        var at = round % _objects.Routes.Length;
        Publish(_objects with { Routes = _objects.Routes.SetItem(at, Route(at, _objects.Services.Length, round + 100)) });
    }

    private void ChangeServices(int round) => Publish(_objects with
    {
        Services = round % 2 == 0 ? _objects.Services.Add(Service(_objects.Services.Length)) : _objects.Services.RemoveAt(_objects.Services.Length - 1),
    });

    private void Publish(MeshObjects objects)
    {
        _objects = objects;
        _composition = MeshComposer.Compose(objects, _composition);
        var former = _publication.Groups.For("sidecar/client.shop");
        _publication = _publication.Next(_composition.Snapshot, []);
        if (_publication.Groups.For("sidecar/client.shop") == former)
        {
            throw new InvalidOperationException("The change did not reach the proxy.");
        }
    }

    private static ObjectName Name(string name) => new("shop", name);

    private static ServiceConfig Service(int i) => new(Name($"s{i}"), [new("http", 80, 8080, AppProtocol.Http)], NoLabels, Where);

    private static EndpointSliceConfig Slice(int i, int round) => new(
        Name($"s{i}-a"), Name($"s{i}"), [new("http", 8080)],
        [
            .. Enumerable.Range(1, EndpointsEach).Select(e => new SliceEndpointConfig(
                [e == 1 ? $"11.0.{round / 250}.{round % 250}" : $"10.{i / 250}.{i % 250}.{e}"], true, "")),
        ],
        Where);

    private static RouteConfig Route(int i, int services, int weight) => new(
        RouteKind.Http, Name($"r{i}"), null, [new(false, Name($"s{i}"), null, null, Where)], [],
        [
            new(null, [new(new(PathMatchKind.Prefix, "/a"), [], [])], RouteFilters.None<BackendRefConfig>(),
                [To((i + 1) % services, 1_000_000 - weight), To(i, weight + 1)], null, null, null),
            new(null, [RouteMatch.Any], RouteFilters.None<BackendRefConfig>(), [To(i, 1)], null, null, null),
        ],
        Where);

    private static BackendRefConfig To(int service, int weight) =>
        new("Service", Name($"s{service}"), 80, weight, HeaderModifier.None, HeaderModifier.None, Where);
}
