using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.ControlPlane;
using Weft.Xds;

namespace Weft.Commands;

/// <summary>The options of <c>weft run</c> against more clients or changes than it can serve at once.</summary>
internal sealed class OverloadFlags
{
    // The process is given half a minute to end.
    private static readonly TimeSpan MostDrain = TimeSpan.FromSeconds(20);

    private static readonly OverloadSettings Usual = new();

    private readonly Option<int> _streams = Number(
        "--max-streams", "How many streams may be open; further ones are refused.", Usual.MaxStreams, 1);

    private readonly Option<int> _syncing = Number(
        "--max-syncing", "How many clients may be in their first synchronisation; others wait in order.", Usual.MaxSyncing, 1);

    private readonly Option<int> _rate = Number(
        "--max-new-streams", "How many first synchronisations may begin in a second; 0 for any number.", 0, 0);

    private readonly Option<TimeSpan> _age = Duration(
        "--max-connection-age",
        "How old a stream becomes before it ends and its client connects anew; 0s for any age.",
        Usual.MaxConnectionAge, TimeSpan.FromHours(24));

    private readonly Option<TimeSpan> _quiet = Duration(
        "--publish-quiet",
        "How long nothing may change before changes that follow each other quickly are published; 0s for no waiting.",
        DebounceSettings.Default.Quiet, TimeSpan.FromMinutes(1));

    private readonly Option<TimeSpan> _most = Duration(
        "--publish-within", "How long a change is held back at the most.", DebounceSettings.Default.Most, TimeSpan.FromMinutes(1));

    private readonly Option<TimeSpan> _drain = Duration(
        "--drain", "Over how long streams end, one after another, before the process does.", TimeSpan.Zero, MostDrain);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_streams, _syncing, _rate, _age, _quiet, _most, _drain])
        {
            command.Options.Add(option);
        }
    }

    public OverloadLimits Read(ParseResult parsed) => new()
    {
        Streams = Usual with
        {
            MaxStreams = parsed.GetValue(_streams),
            MaxSyncing = parsed.GetValue(_syncing),
            NewStreamsPerSecond = parsed.GetValue(_rate) is > 0 and var rate ? rate : null,
            MaxConnectionAge = parsed.GetValue(_age) is var age && age > TimeSpan.Zero ? age : Timeout.InfiniteTimeSpan,
        },
        Debounce = DebounceSettings.Default with { Quiet = parsed.GetValue(_quiet), Most = parsed.GetValue(_most) },
        Drain = parsed.GetValue(_drain),
    };

    private static Option<int> Number(string name, string description, int usual, int least)
    {
        const int Most = 10_000_000;
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[^1].Value, out var number) || number < least || number > Most))
            {
                result.AddError($"'{result.Tokens[^1].Value}' is not a number for {name}: write one from {least} to {Most}.");
            }
        });
        return option;
    }

    private static Option<TimeSpan> Duration(string name, string description, TimeSpan usual, TimeSpan most) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        DefaultValueFactory = _ => usual,
        CustomParser = result => Parse(result, name, most),
    };

    private static TimeSpan Parse(ArgumentResult result, string name, TimeSpan most)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        if (DurationText.Parse(text) is { } given && given <= most)
        {
            return given;
        }

        result.AddError($"'{text}' is not a duration for {name}: write one such as 500ms, 20s or 1h30m, at most {DurationText.Of(most)}.");
        return default;
    }
}
