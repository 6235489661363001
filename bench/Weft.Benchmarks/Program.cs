using Weft.Benchmarks;
using Weft.Testing;
using Weft.Up;

// edit: from the rename of a manifest to the first request that goes the new way, through each data plane.
// fanout: bench/fanout, which needs go-control-plane as a peer, is a script of its own.
var rounds = args is [var number, ..] ? int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) : 30;
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
