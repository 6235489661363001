using System.Diagnostics;
using System.Text;
using Weft.Commands;
using Weft.Wasm.Host;

namespace Weft.Plugins;

/// <summary>Measures a plugin in Weft's host: many rounds of the same request.</summary>
internal static class PluginBench
{
    private const int Rounds = 100;
    private const int Starts = 20;

    /// <summary>Measures it.</summary>
    /// <param name="requests">How many; they are divided among the rounds.</param>
    /// <exception cref="CommandException">The plugin does not start, or its machine fails.</exception>
    public static BenchView Run(
        byte[] module, string configuration, SampleRequest sample, int requests, CancellationToken cancellation)
    {
        var place = new BenchPlace(sample);
        var settings = new PluginSettings { Name = "bench", Configuration = Encoding.UTF8.GetBytes(configuration) };
        using var engine = new PluginEngine();
        try
        {
            var began = Stopwatch.GetTimestamp();
            using var compiled = PluginModule.Load(engine, "plugin", module);
            var compileTime = Stopwatch.GetElapsedTime(began);
            var startTime = Median(Enumerable.Range(0, Starts).Select(_ => Start(compiled, settings, place)).ToList());
            using var worker = new PluginWorker(compiled, settings, place);
            return Measure(worker, place, sample, requests, cancellation) with
            {
                CompileMilliseconds = compileTime.TotalMilliseconds,
                StartMilliseconds = startTime,
            };
        }
        catch (PluginException e)
        {
            throw new CommandException(string.Join("\n  ", [$"The plugin does not start: {e.Message}", .. place.Lines]), e);
        }
    }

    private static double Start(PluginModule module, PluginSettings settings, BenchPlace place)
    {
        var began = Stopwatch.GetTimestamp();
        using var worker = new PluginWorker(module, settings, place);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static BenchView Measure(
        PluginWorker worker, BenchPlace place, SampleRequest sample, int requests, CancellationToken cancellation)
    {
        var stream = new BenchStream(worker, place, sample);
        var each = Math.Max(1, requests / Rounds);
        stream.Run(each); // What is met first is compiled first.
        var vm = worker.Plugin.Vm;
        var (memory, calls) = (vm.MemorySize, vm.HostCalls);
        var rounds = new List<double>(Rounds);
        for (var i = 0; i < Rounds; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var began = Stopwatch.GetTimestamp();
            stream.Run(each);
            rounds.Add(Stopwatch.GetElapsedTime(began).TotalNanoseconds / each);
        }

        if (vm.Failure is { } failure)
        {
            throw new CommandException($"The plugin's machine has failed: {failure}");
        }

        rounds.Sort();
        var all = each * Rounds;
        return new(
            all, (vm.HostCalls - calls) / (double)all, memory, vm.MemorySize, 0, 0,
            new(rounds[0], Median(rounds), rounds[(int)(rounds.Count * 0.99) - 1]));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>The same stream again and again, in the same memory.</summary>
    private sealed class BenchStream(PluginWorker worker, BenchPlace place, SampleRequest sample)
    {
        private readonly HeaderMap _requestHeaders = new();
        private readonly HeaderMap _responseHeaders = new();
        private readonly HeaderMap _request = MapOf(sample.Headers);
        private readonly HeaderMap _response = MapOf([(":status", $"{sample.Status}"), ("content-type", "text/plain")]);
        private readonly byte[]? _body = sample.Body is null ? null : Encoding.UTF8.GetBytes(sample.Body);

        public void Run(int times)
        {
            for (var i = 0; i < times && worker.OpenHttp(place) is { } exchange; i++)
            {
                _requestHeaders.Clear();
                _requestHeaders.AddAll(_request);
                var action = exchange.OnRequestHeaders(_requestHeaders, _body is null);
                if (_body is not null && action == StreamAction.Continue)
                {
                    action = exchange.OnRequestBody(_body, endOfStream: true);
                }

                if (action == StreamAction.Continue)
                {
                    _responseHeaders.Clear();
                    _responseHeaders.AddAll(_response);
                    exchange.OnResponseHeaders(_responseHeaders, endOfStream: true);
                }

                exchange.OnLog(_requestHeaders, _responseHeaders, null);
                exchange.OnDestroy();
                place.Drain();
            }
        }

        private static HeaderMap MapOf(IEnumerable<(string Name, string Value)> headers)
        {
            var map = new HeaderMap();
            foreach (var (name, value) in headers)
            {
                map.Add(name, value);
            }

            return map;
        }
    }
}
