using System.Collections.Immutable;
using System.Globalization;
using Spectre.Console;
using Weft.Commands;
using Weft.Preview;

namespace Weft.Plugins;

/// <summary>What a plugin did, for people.</summary>
internal static class RunScreen
{
    private const int MostShown = 300;

    public static void Write(IAnsiConsole screen, RunView run)
    {
        Screen.Line(screen, "bold", run.Outcome switch
        {
            "answered" => "The plugin answers the request itself.",
            "held" => "The plugin holds the request.",
            "reset" => "The plugin resets the stream: the client gets no answer.",
            _ => "The request goes on.",
        });
        Message(screen, "request", run.Request);
        if (run.Response is { } response)
        {
            Message(screen, $"response {response.Status}", response);
        }

        Part(screen, "log", run.Log, l => $"{l.Level}: {l.Message}", l => l.Level is "error" or "critical" ? "red" : "grey");
        Part(screen, "metrics", run.Metrics, Metric, _ => "default");
        Part(screen, "calls", run.Calls, Call, c => c.Answer is null ? "yellow" : "default");
        if (run.Failure is { } failure)
        {
            Screen.Line(screen, "red", $"The plugin's machine has failed: {Shown(failure)}");
        }
    }

    private static void Message(IAnsiConsole screen, string name, MessageView message)
    {
        var isSame = message.Removed.IsEmpty && message.Added.IsEmpty && message.Body is null;
        Screen.Line(screen, "default", isSame ? $"{name}: unchanged" : name);
        foreach (var header in message.Removed)
        {
            Screen.Line(screen, "red", $"  - {Shown($"{header.Name}: {header.Value}")}");
        }

        foreach (var header in message.Added)
        {
            Screen.Line(screen, "green", $"  + {Shown($"{header.Name}: {header.Value}")}");
        }

        if (message.Body is { } body)
        {
            Screen.Line(screen, "green", $"  body: {Shown(body)}");
        }
    }

    private static void Part<T>(
        IAnsiConsole screen, string name, ImmutableArray<T> items, Func<T, string> text, Func<T, string> colour)
    {
        if (!items.IsEmpty)
        {
            Screen.Line(screen, "default", name);
        }

        foreach (var item in items)
        {
            Screen.Line(screen, colour(item), $"  {Shown(text(item))}");
        }
    }

    private static string Metric(MetricView metric) => metric.Count is { } count
        ? string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {metric.Value} in {count}")
        : string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {metric.Value}");

    private static string Call(CallView call) =>
        $"{call.Cluster} {call.Request} " + (call.Answer is { } status ? $"gets {status}" : "gets no answer: --answer gives one");

    private static string Shown(string text) => Words.Shown(text, MostShown);
}
