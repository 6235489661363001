using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Net.Client;
using Weft.Testing;
using Weft.Xds;

namespace Weft.Benchmarks;

/// <summary>
/// From the start of <c>weft run</c> on a large folder of manifests to its first response: 1,000 services of ten
/// endpoints, each with a route, in 1,000 files. A client connects as soon as the port is open and asks for clusters.
/// </summary>
internal static class FirstResponse
{
    private const int Services = 1000;
    private const int EndpointsEach = 10;

    public static async Task RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("weft-bench-").FullName;
        try
        {
            Write(folder);
            string[] programs = ["bin/native/weft", "bin/weft"];
            var took = programs.Where(File.Exists).ToDictionary(p => p, _ => new List<(double Wall, double Cpu)>());
            Console.WriteLine(
                $"{rounds} starts each, in turn, {Services * EndpointsEach} endpoints; seconds: min, median, max; the processor's, median");
            // The first round warms this client and the file cache.
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var (program, times) in took)
                {
                    var time = await StartAsync(program, folder);
                    times.AddRange(round == 0 ? [] : [time]);
                }
            }

            foreach (var (program, times) in took)
            {
                var walls = times.Select(t => t.Wall).Order().ToList();
                Console.WriteLine(FormattableString.Invariant(
                    $"{program}: {walls[0]:F2}, {walls[rounds / 2]:F2}, {walls[^1]:F2}; {times.Select(t => t.Cpu).Order().ElementAt(rounds / 2):F2}"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Wall, double Cpu)> StartAsync(string program, string folder)
    {
        var xds = new IPEndPoint(IPAddress.Loopback, FreePorts.Next());
        var start = Stopwatch.GetTimestamp();
        await using var weft = ChildProcess.Start(
            Path.GetFullPath(program),
            ["run", "--manifests", folder, "--xds", xds.ToString(), "--admin", $"127.0.0.1:{FreePorts.Next()}"]);
        await ListeningAsync(xds);
        using var channel = GrpcChannel.ForAddress($"http://{xds}", new() { MaxReceiveMessageSize = null });
        using var stream = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).StreamAggregatedResources();
        await stream.RequestStream.WriteAsync(new() { Node = Client(), TypeUrl = TypeUrl.Cluster });
        if (!await stream.ResponseStream.MoveNext(CancellationToken.None) || stream.ResponseStream.Current.Resources.Count < Services)
        {
            throw new InvalidOperationException($"{program} answered without the clusters.");
        }

        var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using var process = Process.GetProcessById(weft.Id);
        return (wall, process.TotalProcessorTime.TotalSeconds);
    }

    private static async Task ListeningAsync(IPEndPoint at)
    {
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(at);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(5);
            }
        }
    }

    private static Node Client() => new()
    {
        Id = "client.shop",
        Metadata = Google.Protobuf.WellKnownTypes.Struct.Parser.ParseJson("""{"weft": {"class": "sidecar"}}"""),
    };

    private static void Write(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "client.yaml"), """
            apiVersion: weft.dev/v1alpha1
            kind: Workload
            metadata: {name: client, namespace: shop}
            spec: {address: 127.0.0.1, outboundPort: 9000}
            """);
        for (var i = 0; i < Services; i++)
        {
            File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"s{i}.yaml")), Service(i));
        }
    }

    private static string Service(int i) => string.Create(CultureInfo.InvariantCulture, $$$"""
        apiVersion: v1
        kind: Service
        metadata: {name: s{{{i}}}, namespace: shop}
        spec:
          ports:
            - {name: http, port: 80, targetPort: 8080}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: s{{{i}}}-a
          namespace: shop
          labels: {kubernetes.io/service-name: s{{{i}}}}
        addressType: IPv4
        ports: [{name: http, port: 8080}]
        endpoints:
        {{{string.Join('\n', Enumerable.Range(1, EndpointsEach).Select(e => $"  - addresses: [10.{i / 250}.{i % 250}.{e}]"))}}}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: r{{{i}}}, namespace: shop}
        spec:
          parentRefs:
            - {group: "", kind: Service, name: s{{{i}}}}
          rules:
            - matches: [{path: {type: PathPrefix, value: /a}}]
              backendRefs:
                - {name: s{{{(i + 1) % Services}}}, port: 80, weight: 90}
                - {name: s{{{i}}}, port: 80, weight: 10}
            - backendRefs: [{name: s{{{i}}}, port: 80}]
        """);
}
