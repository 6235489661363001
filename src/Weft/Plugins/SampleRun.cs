using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Weft.Commands;
using Weft.Wasm.Host;
using Weft.Wasm.Host.Testing;

namespace Weft.Plugins;

/// <summary>Runs one request through a plugin, as a proxy would.</summary>
internal static class SampleRun
{
    private const int MostCalls = 100;

    /// <summary>Runs it.</summary>
    /// <exception cref="CommandException">The plugin does not start; the message has what it logged.</exception>
    public static RunView Of(byte[] module, string configuration, SampleRequest sample)
    {
        var lines = new List<TestLine>();
        using var plugin = Start(module, configuration, new() { Logged = lines.Add, Properties = p => Set(p, sample) }, lines);
        var calls = new List<CallView>();
        var request = Send(plugin, sample, calls);
        var isHeld = request.IsHeld;
        request.End();
        var own = request.LocalResponse is not null;
        return new(
            request.IsReset ? "reset" : own ? "answered" : isHeld ? "held" : "passed",
            Message(sample.Headers, request.Headers, sample.Body, request.Body),
            request.Response is { } response ? Response(response, own ? [] : ServersHeaders(sample), own ? null : sample.ResponseBody) : null,
            [.. lines.Select(l => new LogView(l.Level.ToString().ToLowerInvariant(), l.Message))],
            [.. plugin.Metrics.All.OrderBy(m => m.Name, StringComparer.Ordinal).Select(Metric)],
            [.. calls, .. plugin.GrpcCalls.Select(Call)],
            plugin.Failure);
    }

    private static PluginTest Start(byte[] module, string configuration, PluginTestSettings settings, List<TestLine> lines)
    {
        try
        {
            return PluginTest.FromBytes(module, configuration, settings);
        }
        catch (PluginException e)
        {
            throw new CommandException(
                string.Join("\n  ", [$"The plugin does not start: {e.Message}", .. lines.Select(l => l.ToString())]), e);
        }
    }

    private static void Set(TestProperties properties, SampleRequest sample)
    {
        foreach (var (name, value) in sample.Properties)
        {
            _ = long.TryParse(value, CultureInfo.InvariantCulture, out var number) ? properties.Set(name, number)
                : bool.TryParse(value, out var truth) ? properties.Set(name, truth)
                : properties.Set(name, value);
        }
    }

    private static TestRequest Send(PluginTest plugin, SampleRequest sample, List<CallView> calls)
    {
        var request = sample.Body is null ? plugin.Request([.. sample.Headers]) : plugin.Begin([.. sample.Headers]);
        if (sample.Body is not null)
        {
            request.Send(sample.Body, endOfStream: true);
        }

        Answer(plugin, sample, calls);
        if (!request.IsHeld && !request.IsReset && request.Response is null)
        {
            var headers = ServersHeaders(sample).Skip(1).ToArray();
            if (sample.ResponseBody is null)
            {
                request.Respond(sample.Status, headers);
            }
            else
            {
                request.BeginResponse(sample.Status, headers).Send(sample.ResponseBody, endOfStream: true);
            }

            Answer(plugin, sample, calls);
        }

        return request;
    }

    // Answers may lead to further calls.
    private static void Answer(PluginTest plugin, SampleRequest sample, List<CallView> calls)
    {
        for (var i = calls.Count; i < plugin.Calls.Count && i < MostCalls; i++)
        {
            var call = plugin.Calls[i];
            var answer = sample.Answers.FirstOrDefault(a => a.Cluster == call.Cluster || a.Cluster == "*");
            calls.Add(new(call.Cluster, $"{call.Headers[":method"]} {call.Headers[":path"]}", answer?.Status));
            if (answer is not null)
            {
                call.Respond(answer.Status, answer.Body);
            }
        }
    }

    private static IEnumerable<(string Name, string Value)> ServersHeaders(SampleRequest sample) =>
        [(":status", $"{sample.Status}"), .. sample.ResponseHeaders.IsDefault ? [] : sample.ResponseHeaders];

    private static ResponseView Response(TestResponse response, IEnumerable<(string, string)> before, string? body)
    {
        var (removed, added, newBody) = Message(before, response.Headers, body, response.Body);
        return new(response.Status, removed, added, newBody);
    }

    private static MessageView Message(
        IEnumerable<(string Name, string Value)> before, HeaderMap after, string? body, string bodyAfter)
    {
        var left = before.ToList();
        var added = ImmutableArray.CreateBuilder<HeaderView>();
        for (var i = 0; i < after.Count; i++)
        {
            var header = (Encoding.UTF8.GetString(after.NameAt(i)), Encoding.UTF8.GetString(after.ValueAt(i)));
            if (!left.Remove(header))
            {
                added.Add(new(header.Item1, header.Item2));
            }
        }

        return new(
            [.. left.Select(h => new HeaderView(h.Name, h.Value))],
            added.ToImmutable(),
            bodyAfter == (body ?? "") ? null : bodyAfter);
    }

    private static MetricView Metric(PluginMetric metric) => new(
        metric.Kind.ToString().ToLowerInvariant(), metric.Name, metric.Value,
        metric.Kind == MetricKind.Histogram ? metric.Count : null);

    private static CallView Call(GrpcCallout call) =>
        new(Encoding.UTF8.GetString(call.Target.Span), $"gRPC {call.Service}/{call.Method}", null);
}
