using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Weft.Tests.Xds.Serving;
using static Weft.Tests.Xds.Loads.LoadReportingTests;

namespace Weft.Tests.Xds.Loads;

/// <summary>Load reports as metrics.</summary>
public sealed class LoadMetricsTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_are_counted_by_cluster_locality_and_outcome_and_series_stay_few()
    {
        await using var fixture = await XdsServerFixture.StartAsync(new() { LoadReports = new() { MostSeries = 2 } });
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, on) =>
        {
            if (instrument.Name == "weft.xds.load.requests"
                && instrument.Meter.Scope == fixture.Services.GetRequiredService<IMeterFactory>())
            {
                on.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            var series = string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"));
            counts.AddOrUpdate(series, count, (_, sum) => sum + count);
        });
        listener.Start();
        using var call = await OpenAsync(fixture, "n");
        var dropping = Stats("a", issued: 10, failed: 3);
        dropping.TotalDroppedRequests = 2;
        await call.RequestStream.WriteAsync(Report(dropping), Test);
        await call.RequestStream.WriteAsync(Report(Enumerable.Range(0, 50).Select(i => Stats($"{i}", 1))), Test);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Test));
        Assert.Equal(
            [
                "cluster=a locality= outcome=dropped: 2",
                "cluster=a locality=r/z/s outcome=error: 3",
                "cluster=a locality=r/z/s outcome=success: 7",
                "cluster=other locality= outcome=success: 50",
            ],
            counts.Select(c => $"{c.Key}: {c.Value}").Order(StringComparer.Ordinal));
    }
}
