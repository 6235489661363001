using System.Diagnostics;
using System.Globalization;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Microsoft.AspNetCore.Http;
using Weft.Xds;
using Weft.Xds.Frames;
using Weft.Xds.Streams;

namespace Weft.Benchmarks;

/// <summary>
/// What one stream's own work for one change is: from the published set to the bytes in the pipe of its call. Another
/// stream has its turn first: what that finds out is found out for all.
/// </summary>
internal static class OnePush
{
    private const int Clusters = 100;

    private delegate ArraySegment<Response> Step(StreamInput input, TimeSpan now);

    public static void Run(int rounds)
    {
        Console.WriteLine(
            $"{rounds} changes of one endpoint of {Clusters} clusters, for one stream of several: median ns, bytes allocated (median, mean)");
        Measure("delta", rounds, () => new DeltaStream(StreamLimits.Default).Step, ResponseFormat.Delta("weft"), (type, nonce, names) =>
            new StreamInput.DeltaRequest(type, nonce, nonce.Length == 0 ? names : [], [], StreamInput.DeltaRequest.NoVersions));
        Measure("state of the world", rounds, () => new SotwStream(StreamLimits.Default).Step, ResponseFormat.Sotw("weft"), (type, nonce, names) =>
            new StreamInput.SotwRequest(type, nonce, names));
    }

    private static void Measure(
        string name, int rounds, Func<Step> open, ResponseFormat format, Func<string, string, string[], StreamInput> request)
    {
        string[] names = [.. Enumerable.Range(0, Clusters).Select(i => $"c{i}")];
        var set = ResourceSet.Create([.. names.Select(ClusterOf), .. names.Select(n => AssignmentOf(n, 0))]);
        var writer = new FrameWriter(format, new DefaultHttpContext());
        Step[] streams = [open(), open()];
        foreach (var step in streams)
        {
            step(new StreamInput.Published(set), TimeSpan.Zero);
            var cds = step(request(TypeUrl.Cluster, "", []), TimeSpan.Zero)[0].Nonce;
            var eds = step(request(TypeUrl.Endpoints, "", names), TimeSpan.Zero)[0].Nonce;
            step(request(TypeUrl.Cluster, cds, []), TimeSpan.Zero);
            step(request(TypeUrl.Endpoints, eds, names), TimeSpan.Zero);
        }

        var (times, bytes) = (new List<double>(), new List<long>());
        for (var round = 0; round < rounds; round++)
        {
            set = set.With([], [AssignmentOf(names[round % Clusters], round + 1)]);
            var input = new StreamInput.Published(set);
            foreach (var step in streams)
            {
                var (began, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
                var responses = step(input, TimeSpan.Zero);
                writer.Begin(responses, CancellationToken.None);
                if (step == streams[^1])
                {
                    bytes.Add(GC.GetAllocatedBytesForCurrentThread() - before);
                    times.Add(Stopwatch.GetElapsedTime(began).TotalNanoseconds);
                }

                writer.WrittenAsync().AsTask().GetAwaiter().GetResult();
                step(request(TypeUrl.Endpoints, responses.Single().Nonce, names), TimeSpan.Zero);
            }
        }

        times.Sort();
        bytes.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name}: {times[rounds / 2]:F0} ns, {bytes[rounds / 2]} bytes, {bytes.Average():F0} bytes"));
    }

    private static XdsResource ClusterOf(string name) => XdsResource.Create(new Cluster
    {
        Name = name,
        Type = Cluster.Types.DiscoveryType.Eds,
        EdsClusterConfig = new() { EdsConfig = new() { Ads = new() } },
    });

    private static XdsResource AssignmentOf(string name, int change) => XdsResource.Create(new ClusterLoadAssignment
    {
        ClusterName = name,
        Endpoints = { new LocalityLbEndpoints { Locality = new() { Zone = $"{change}" } } },
    });
}
