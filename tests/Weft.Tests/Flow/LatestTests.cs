using System.Globalization;
using Weft.Flow;

namespace Weft.Tests.Flow;

public sealed class LatestTests
{
    private const int Updates = 100_000;

    [Fact]
    public async Task A_slow_reader_skips_and_never_sees_a_value_twice()
    {
        var latest = new Latest<string>("0");
        var writer = Task.Run(() => Count(latest, Updates), TestContext.Current.CancellationToken);
        var seen = new List<int>();
        await foreach (var value in latest.WatchAsync(TestContext.Current.CancellationToken))
        {
            seen.Add(int.Parse(value, CultureInfo.InvariantCulture));
            if (seen[^1] == Updates)
            {
                break;
            }
        }

        await writer;
        Assert.Equal(seen.Distinct().Order(), seen);
    }

    [Fact]
    public async Task Concurrent_writers_lose_no_update()
    {
        var latest = new Latest<string>("0");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Count(latest, 5_000))));
        Assert.Equal("20000", latest.Value);
    }

    [Fact]
    public void The_same_object_published_again_is_no_news()
    {
        var latest = new Latest<string>("a");
        var before = latest.Current;
        latest.Set(before.Value);
        Assert.Same(before, latest.Current);
        Assert.False(before.Replaced.IsCompleted);
    }

    private static void Count(Latest<string> latest, int times)
    {
        for (var i = 0; i < times; i++)
        {
            latest.Update(v => (int.Parse(v, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture));
        }
    }
}
