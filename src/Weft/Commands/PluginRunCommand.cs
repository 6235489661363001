using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Weft.Plugins;

namespace Weft.Commands;

/// <summary><c>weft plugin run FILE --request …</c>: what a plugin does with one request.</summary>
internal static class PluginRunCommand
{
    private static readonly Argument<string> File = PluginFlags.Module();
    private static readonly Option<string> Request = PluginFlags.Request();
    private static readonly Option<string[]> Headers = Flags.Headers("--header", "A header of the request; may be given several times.", "-H");
    private static readonly Option<string?> Body = new("--body") { Description = "The request's body.", HelpName = "TEXT" };
    private static readonly Option<string?> Config = PluginFlags.Config();
    private static readonly Option<int> Response = PluginFlags.Number("--response", "The status that the server answers.", 200, 100, 599);
    private static readonly Option<string[]> ResponseHeaders =
        Flags.Headers("--response-header", "A header of the server's answer; may be given several times.", "-R");

    private static readonly Option<string?> ResponseBody = new("--response-body") { Description = "The body of the server's answer.", HelpName = "TEXT" };
    private static readonly Option<string[]> Properties = Pairs("--property", "'NAME=VALUE'", "A property of the stream, such as source.address=10.0.0.1:5000.");
    private static readonly Option<string[]> Answers = Pairs("--answer", "'CLUSTER=STATUS BODY'", "What a cluster answers that the plugin calls; * is any.");
    private static readonly Option<bool> Json = Flags.Json();

    public static Command Create()
    {
        var command = new ExampleCommand(
            "run",
            "Run one request through a plugin as a proxy would, and show what it did.",
            "weft plugin run add-header.wasm --config '{\"value\": \"world\"}'",
            "weft plugin run tag.wasm --config rules.json --request \"GET /shop\" -H \"cookie: beta=1\"",
            "weft plugin run auth.wasm --request \"POST /pay\" --body 5 --answer \"auth=403 no\" --json")
        {
            File, Request, Headers, Body, Config, Response, ResponseHeaders, ResponseBody, Properties, Answers, Json,
        };
        command.SetAction(parsed => Run(parsed));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var sample = new SampleRequest(
            SampleRequest.HeadersOf(parsed.GetValue(Request)!, [.. parsed.GetValue(Headers)!.Select(PluginFlags.Header)]),
            parsed.GetValue(Body),
            parsed.GetValue(Response),
            [.. parsed.GetValue(ResponseHeaders)!.Select(PluginFlags.Header)],
            parsed.GetValue(ResponseBody))
        {
            Properties = [.. parsed.GetValue(Properties)!.Select(Pair)],
            Answers = [.. parsed.GetValue(Answers)!.Select(Answer)],
        };
        var module = PluginFlags.Read(parsed.GetValue(File)!);
        var run = SampleRun.Of(module, PluginFlags.Configuration(parsed.GetValue(Config), module), sample);
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(Json))
        {
            output.Write(JsonSerializer.Serialize(run, PluginJson.Default.RunView) + "\n");
        }
        else
        {
            RunScreen.Write(Screen.Of(output), run);
        }

        return run.Failure is null ? WeftCommand.Done : WeftCommand.Failed;
    }

    private static Option<string[]> Pairs(string name, string help, string description)
    {
        var option = new Option<string[]>(name) { Description = description, HelpName = help, DefaultValueFactory = _ => [] };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => t.Value.IndexOf('=', StringComparison.Ordinal) < 1
                || (name == "--answer" && StatusOf(Pair(t.Value).Value) is null)))
            {
                result.AddError($"'{token.Value}': {name} is written {help}.");
            }
        });
        return option;
    }

    private static (string Name, string Value) Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return (text[..equals], text[(equals + 1)..]);
    }

    private static SampleAnswer Answer(string text)
    {
        var (cluster, answer) = Pair(text);
        var space = answer.IndexOf(' ', StringComparison.Ordinal);
        return new(cluster, StatusOf(answer)!.Value, space < 0 ? "" : answer[(space + 1)..]);
    }

    private static int? StatusOf(string answer) =>
        int.TryParse(answer.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 599
            ? status
            : null;
}
