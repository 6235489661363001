using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Weft.Plugins;

namespace Weft.Commands;

/// <summary><c>weft plugin bench FILE</c>: how fast a plugin is, and whether its memory stays as it is.</summary>
internal static class PluginBenchCommand
{
    public static Command Create()
    {
        var (file, request, config, json) = (PluginFlags.Module(), PluginFlags.Request(), PluginFlags.Config(), Flags.Json());
        var headers = Flags.Headers("--header", "A header of the request; may be given several times.", "-H");
        var body = new Option<string?>("--body") { Description = "The request's body.", HelpName = "TEXT" };
        var number = PluginFlags.Number("--requests", "How many requests, divided into 100 rounds.", 200_000, 100, 100_000_000);
        number.Aliases.Add("-n");
        var command = new ExampleCommand(
            "bench",
            "Measure a plugin in Weft's host: time and host calls for each request, memory, time to start.",
            "weft plugin bench tag.wasm --config rules.json -H \"cookie: beta=1\"",
            "weft plugin bench tag.wasm --config rules.json -n 1000000 --json")
        {
            file, request, headers, body, config, number, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var sample = new SampleRequest(
                SampleRequest.HeadersOf(parsed.GetValue(request)!, [.. parsed.GetValue(headers)!.Select(PluginFlags.Header)]),
                parsed.GetValue(body));
            var module = PluginFlags.Read(parsed.GetValue(file)!);
            var view = PluginBench.Run(
                module, PluginFlags.Configuration(parsed.GetValue(config), module), sample,
                parsed.GetValue(number), cancellation);
            parsed.InvocationConfiguration.Output.Write(
                parsed.GetValue(json) ? JsonSerializer.Serialize(view, PluginJson.Default.BenchView) + "\n" : Text(view));
            return Task.FromResult(WeftCommand.Done);
        });
        return command;
    }

    private static string Text(BenchView view) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        request      {view.Nanoseconds.Min:0} ns at least, {view.Nanoseconds.Median:0} ns median, {view.Nanoseconds.P99:0} ns p99 of rounds, with the host's part
        host calls   {view.HostCalls:0.##} for each of {view.Requests} requests
        memory       {view.MemoryBefore >> 10} KiB before, {view.MemoryAfter >> 10} KiB after
        start        {view.StartMilliseconds:0.00} ms for each worker, after {view.CompileMilliseconds:0.0} ms of compiling

        """);
}
