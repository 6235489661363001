using System.Globalization;
using System.Text;
using Weft.Xds;
using Weft.Xds.Serving;

namespace Weft.Tests.Xds.Serving;

/// <summary>
/// Plays a scenario of the queue before the server. A line is
/// <code>
/// limits streams=9 syncing=2 sync=5 rate=3 waiting=2 wait=10     what the settings are, first; times in seconds
/// open a | ask a | settled a | synced a | close a                what happens to a stream
/// come a                                                         open and ask
/// wait 1.5s                                                      time goes by, with every wake on the way
/// # …                                                            a comment
/// </code>
/// Lines that begin with two spaces are output, and are written anew by <c>UPDATE_GOLDEN=1</c>.
/// </summary>
internal sealed class AdmissionScript
{
    private readonly StringBuilder _output = new();
    private readonly List<string> _names = [];
    private AdmissionQueue _queue = new(new());
    private TimeSpan _now;

    public static string Play(string script)
    {
        var player = new AdmissionScript();
        foreach (var line in script.Split('\n').Where(l => !l.StartsWith("  ", StringComparison.Ordinal)))
        {
            player._output.Append(line).Append('\n');
            player.Do(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return player._output.ToString().TrimEnd('\n') + "\n";
    }

    private void Do(string[] words)
    {
        switch (words)
        {
            case [] or ["#", ..]:
                break;
            case ["limits", .. var limits]:
                _queue = new(Limits(limits));
                break;
            case ["come", var name]:
                Step(new AdmissionInput.Opened(IdOf(name)));
                Step(new AdmissionInput.Asked(IdOf(name)));
                break;
            case ["wait", var time]:
                Wait(TimeSpan.FromSeconds(double.Parse(time.TrimEnd('s'), CultureInfo.InvariantCulture)));
                break;
            case [var what, var name]:
                Step(Input(what, IdOf(name)));
                break;
            default:
                throw new FormatException(string.Join(' ', words));
        }
    }

    private void Wait(TimeSpan time)
    {
        var until = _now + time;
        while (_queue.WakeAt is { } at && at <= until)
        {
            _now = at > _now ? at : _now;
            Step(new AdmissionInput.Elapsed());
        }

        _now = until;
    }

    private void Step(AdmissionInput input)
    {
        foreach (var effect in _queue.Step(input, _now))
        {
            var said = effect is AdmissionEffect.Refused { Why: var why } ? $"refused: {why}" : "admitted";
            _output.Append(CultureInfo.InvariantCulture, $"  {_now.TotalSeconds:0.###}s {_names[(int)effect.Stream]} {said}\n");
        }
    }

    private long IdOf(string name)
    {
        if (!_names.Contains(name))
        {
            _names.Add(name);
        }

        return _names.IndexOf(name);
    }

    private static AdmissionInput Input(string what, long id) => what switch
    {
        "open" => new AdmissionInput.Opened(id),
        "ask" => new AdmissionInput.Asked(id),
        "settled" => new AdmissionInput.Settled(id),
        "synced" => new AdmissionInput.Synced(id),
        "close" => new AdmissionInput.Closed(id),
        _ => throw new FormatException(what),
    };

    private static OverloadSettings Limits(string[] limits)
    {
        var by = limits.Select(l => l.Split('=')).ToDictionary(p => p[0], p => int.Parse(p[1], CultureInfo.InvariantCulture));
        return new()
        {
            MaxStreams = by.GetValueOrDefault("streams", 100),
            MaxSyncing = by.GetValueOrDefault("syncing", 100),
            MaxSyncTime = TimeSpan.FromSeconds(by.GetValueOrDefault("sync", 5)),
            NewStreamsPerSecond = by.TryGetValue("rate", out var rate) ? rate : null,
            MaxWaiting = by.GetValueOrDefault("waiting", 100),
            MaxWait = TimeSpan.FromSeconds(by.GetValueOrDefault("wait", 10)),
        };
    }
}
