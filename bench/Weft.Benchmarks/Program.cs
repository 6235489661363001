using System.Globalization;
using Weft.Benchmarks;
using Weft.Testing;
using Weft.Up;

// fanout: bench/fanout, which needs go-control-plane as a peer, is a script of its own.
switch (args)
{
    case ["change", .. var rest]:
        OneChange.Run(10, 1000, Rounds(rest, 1000));
        break;
    case ["start", .. var rest]:
        await FirstResponse.RunAsync(Rounds(rest, 10));
        break;
    case ["push", .. var rest]:
        OnePush.Run(Rounds(rest, 10_000));
        break;
    case [] or ["edit", ..]:
        await EditAsync(Rounds(args is [] ? [] : args[1..], 30));
        break;
    default:
        Console.Error.WriteLine("""
            usage: make bench BENCH="…", one of
              edit [ROUNDS]     from the rename of a manifest to the first request that goes the new way (what is run without arguments)
              change [ROUNDS]   the control plane's work for one change in a small and in a large mesh
              start [ROUNDS]    from the start of ./bin/weft and ./bin/native/weft (make build, make native) to the first response
              push [ROUNDS]     one stream's work for one change, and what it allocates
            """);
        return 2;
}

return 0;

static int Rounds(string[] args, int usual) => args is [var number, ..] ? int.Parse(number, CultureInfo.InvariantCulture) : usual;

static async Task EditAsync(int rounds)
{
    Console.WriteLine($"{rounds} edits each, 4 connections of constant load; milliseconds: min, median, p90, max; requests, failed");
    await EditToTraffic.RunAsync(DataPlaneKind.Embedded, "", rounds);
    if (Peers.Find("envoy") is { } envoy)
    {
        await EditToTraffic.RunAsync(DataPlaneKind.Envoy, envoy, rounds);
    }
    else
    {
        Console.WriteLine("envoy: not measured, there is none in WEFT_PEERS or on PATH");
    }
}
