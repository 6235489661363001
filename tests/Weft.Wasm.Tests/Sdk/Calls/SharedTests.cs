namespace Weft.Wasm.Tests.Sdk.Calls;

/// <summary>What workers have in common.</summary>
public sealed class SharedTests
{
    [Fact]
    public void A_value_is_read_and_written_by_all_workers_and_not_over_each_other()
    {
        using var plugin = SdkPlugin.Http("",
            """
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream)
            {
                var found = SharedData.TryGet("seen", out var value, out var cas);
                Log.Info($"{found} {value} {(int)SharedData.Set("seen", Request.Path, cas)} {(int)SharedData.Set("seen", "again", found ? cas : 77)}");
                return FilterAction.Continue;
            }
            """,
            settings: new() { Workers = 2 });
        plugin.Workers[0].Request((":path", "/a"));
        plugin.Workers[1].Request((":path", "/b"));
        Assert.Equal(["false  0 8", "true /a 0 8"], plugin.Lines());
    }

    [Fact]
    public void A_queue_wakes_who_registered_it_and_gives_each_item_once()
    {
        using var plugin = SdkPlugin.Http(
            """
            public SharedQueue Queue;
            public bool OnConfigure(ReadOnlySpan<byte> configuration) { Log.Info($"{(int)SharedQueue.Register("jobs", out Queue)}"); return true; }
            public void OnQueueReady(uint queue)
            {
                while (Queue.TryDequeue(out var item)) Log.Info($"{queue == Queue.Id} {item}");
            }
            """,
            """
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream)
            {
                var known = SharedQueue.Resolve("", "jobs", out var queue);
                Log.Info($"{(int)known} {queue.Id == plugin.Queue.Id} {(int)SharedQueue.Resolve("", "none", out _)}");
                queue.Enqueue("one"); queue.Enqueue("two");
                return FilterAction.Continue;
            }
            """);
        plugin.Request();
        Assert.Equal(["0", "0 true 1", "true one", "true two"], plugin.Lines());
    }

    [Fact]
    public void Metrics_count_measure_and_record()
    {
        using var plugin = SdkPlugin.Http(
            """
            public Counter Seen; public Gauge Held; public Histogram Sizes;
            public bool OnConfigure(ReadOnlySpan<byte> configuration)
            {
                (Seen, Held, Sizes) = (Counter.Define("seen"), Gauge.Define("held"), Histogram.Define("sizes"));
                return true;
            }
            """,
            """
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream)
            {
                plugin.Seen.Add(); plugin.Seen.Add(4); plugin.Held.Record(10); plugin.Held.Add(-3); plugin.Sizes.Record(Request.Path.Length);
                Log.Info($"{plugin.Seen.Value} {plugin.Held.Value}");
                return FilterAction.Continue;
            }
            """);
        plugin.Request((":path", "/1"));
        plugin.Request((":path", "/22"));
        Assert.Equal(["5 7", "10 7"], plugin.Lines());
        Assert.Equal((10ul, 7ul, 2L), (plugin.Metrics["seen"]!.Value, plugin.Metrics["held"]!.Value, plugin.Metrics["sizes"]!.Count));
    }
}
