using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Weft.ControlPlane;
using Weft.Testing;

namespace Weft.Tests.ControlPlane;

/// <summary>When changes are published: quiet is 100 ms, the longest wait a second, four go at once.</summary>
public sealed class DebounceTests
{
    [Fact]
    public void Changes_are_published_as_the_scenarios_say()
    {
        const string File = "debounce/scenarios.txt";
        Golden.Matches(Play(System.IO.File.ReadAllText(Golden.PathOf(File))), File);
    }

    [Fact]
    public async Task Changes_that_are_held_are_published_once_nothing_has_changed_for_a_while()
    {
        var (time, held, cancellation) = (new FakeTimeProvider(), 0, TestContext.Current.CancellationToken);
        var pace = new PublishPace(new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), 1), time, () => held++);
        var (start, change) = (time.GetUtcNow(), new TaskCompletionSource());
        Assert.True(pace.ChangedAsync(() => change.Task, cancellation).IsCompletedSuccessfully);
        var waiting = pace.ChangedAsync(() => change.Task, cancellation);
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(waiting.IsCompleted);
        Interlocked.Exchange(ref change, new()).SetResult();
        // The loop may take up the change only now.
        for (var advanced = 0; !waiting.IsCompleted; advanced++)
        {
            Assert.InRange(advanced, 0, 100_000);
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        await waiting;
        Assert.InRange(time.GetUtcNow() - start, TimeSpan.FromMilliseconds(199), TimeSpan.MaxValue);
        Assert.Equal(1, held);
    }

    [Fact]
    public async Task A_wait_ends_with_the_loop()
    {
        using var stop = new CancellationTokenSource();
        var pace = new PublishPace(new(TimeSpan.FromHours(1), TimeSpan.FromHours(1), 0), new FakeTimeProvider(), () => { });
        var waiting = pace.ChangedAsync(() => new TaskCompletionSource().Task, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Nothing_waits_where_the_quiet_time_is_zero()
    {
        var debounce = new Debounce(DebounceSettings.Default with { Quiet = TimeSpan.Zero });
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(debounce.Step(new DebounceInput.Changed(), TimeSpan.Zero)));
    }

    // A line is "at 120" (a change at so many ms from the start) or "every 10 from 0 to 2000", or a comment that begins a
    // new scenario; lines that begin with two spaces say when is published.
    private static string Play(string script)
    {
        var output = new StringBuilder();
        var changes = new List<int>();
        foreach (var line in script.TrimEnd('\n').Split('\n').Append("#").Where(l => !l.StartsWith("  ", StringComparison.Ordinal)))
        {
            if (line.StartsWith('#') && changes.Count > 0)
            {
                output.Append("  published at ").AppendJoin(' ', Published(changes)).Append('\n');
                changes.Clear();
            }

            var words = line.Split(' ');
            changes.AddRange(words switch
            {
                ["at", .. var times] => times.Select(Number),
                ["every", var step, "from", var from, "to", var to] => Every(Number(step), Number(from), Number(to)),
                _ => [],
            });
            output.Append(line).Append('\n');
        }

        return output.ToString()[..^2];
    }

    private static IEnumerable<int> Every(int step, int from, int to)
    {
        for (var at = from; at <= to; at += step)
        {
            yield return at;
        }
    }

    private static List<int> Published(List<int> changes)
    {
        var (debounce, published, next) = (new Debounce(DebounceSettings.Default), new List<int>(), 0);
        for (var now = 0; now <= changes[^1] + 2000; now++)
        {
            var time = TimeSpan.FromMilliseconds(now);
            var publish = debounce.WakeAt <= time && debounce.Step(new DebounceInput.Elapsed(), time);
            while (next < changes.Count && changes[next] == now)
            {
                publish |= debounce.Step(new DebounceInput.Changed(), time);
                next++;
            }

            if (publish)
            {
                published.Add(now);
            }
        }

        return published;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
