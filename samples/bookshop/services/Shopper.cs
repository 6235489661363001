namespace Bookshop;

/// <summary>
/// The steady load: about fifty requests a second for the frontend, sent on schedule whether or not the earlier ones
/// have been answered. Silent while all goes well; each second with failures gives one line.
/// </summary>
internal static class Shopper
{
    private const int MaxInFlight = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(BookshopSettings settings)
    {
        var proxy = settings.Outbound ?? throw new InvalidOperationException("WEFT_OUTBOUND is not set.");
        using var mesh = new MeshClient(proxy);
        using var shutdown = new ShutdownSignal();
        if (await FirstAnswerAsync(mesh, shutdown.Received))
        {
            await ShopAsync(mesh, shutdown.Received);
        }
    }

    // The mesh may still be starting: what fails before the first answer is no failure of the shop.
    private static async Task<bool> FirstAnswerAsync(MeshClient mesh, Task stop)
    {
        while (!stop.IsCompleted)
        {
            if ((await mesh.GetAsync("frontend")).Ok)
            {
                return true;
            }

            await Task.WhenAny(stop, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        return false;
    }

    private static async Task ShopAsync(MeshClient mesh, Task stop)
    {
        var inFlight = 0;
        var failures = new Failures();
        using var timer = new PeriodicTimer(Interval);
        for (var tick = 1; !stop.IsCompleted; tick++)
        {
            await timer.WaitForNextTickAsync();
            if (Volatile.Read(ref inFlight) < MaxInFlight)
            {
                _ = BuyAsync();
            }
            else
            {
                failures.Add($"{MaxInFlight} requests wait for an answer; no more are sent");
            }

            if (tick % 50 == 0 && failures.Take() is { } line)
            {
                await Console.Error.WriteLineAsync(line);
            }
        }

        async Task BuyAsync()
        {
            Interlocked.Increment(ref inFlight);
            var answer = await mesh.GetAsync("frontend");
            Interlocked.Decrement(ref inFlight);
            if (!answer.Ok)
            {
                failures.Add(answer.Body.Trim());
            }
        }
    }

    private sealed class Failures
    {
        private readonly Lock _gate = new();
        private int _count;
        private string _last = "";

        public void Add(string what)
        {
            lock (_gate)
            {
                _count++;
                _last = what;
            }
        }

        /// <summary>A line about the failures since the last call; null where there were none.</summary>
        public string? Take()
        {
            lock (_gate)
            {
                var line = _count == 0 ? null : $"shopper: {_count} failed, the last: {_last}";
                _count = 0;
                return line;
            }
        }
    }
}
