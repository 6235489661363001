using System.Collections.Immutable;
using System.Net;
using Weft.Flow;
using Weft.Testing;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>What a load has seen.</summary>
/// <param name="Answers">How many answers each application gave.</param>
/// <param name="Streak">How many of the latest answers in a row were from <paramref name="Last"/>.</param>
internal sealed record LoadView(
    int Total, ImmutableSortedDictionary<string, int> Answers, string Last, int Streak, ImmutableList<string> Failures)
{
    public static LoadView None { get; } = new(0, ImmutableSortedDictionary<string, int>.Empty, "", 0, []);

    public LoadView With(Answer answer) => this with
    {
        Total = Total + 1,
        Answers = Answers.SetItem(answer.Body, Answers.GetValueOrDefault(answer.Body) + 1),
        Last = answer.Body,
        Streak = answer.Body == Last ? Streak + 1 : 1,
        Failures = answer.Status == HttpStatusCode.OK ? Failures : Failures.Add($"{answer.Status}: {answer.Body}"),
    };

    public override string ToString() =>
        $"{Total} answers ({string.Join(", ", Answers.Select(a => $"{a.Key} {a.Value}"))}), "
        + $"the last {Streak} of {Last}, {Failures.Count} failures {string.Join("; ", Failures.Take(3))}";
}

/// <summary>Callers that send requests on a schedule until they are stopped; every answer counts.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Callers = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly Latest<LoadView> _view = new(LoadView.None);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _calling;

    private Load(Caller caller, string host) =>
        _calling = Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(caller, host))));

    public static Load Start(Caller caller, string host) => new(caller, host);

    public LoadView View => _view.Value;

    /// <summary>Awaits that the last hundred answers are all of one application: a change has arrived.</summary>
    public Task OnlyAsync(string application) => ReachesAsync(
        $"answers of {application} only", view => view.Last == application && view.Streak >= 100);

    /// <summary>Awaits answers of an application that come from now on.</summary>
    public Task MoreAsync(string application, int count = 20)
    {
        var enough = View.Answers.GetValueOrDefault(application) + count;
        return ReachesAsync(
            $"{count} more answers of {application}", view => view.Answers.GetValueOrDefault(application) >= enough);
    }

    /// <summary>Awaits a view.</summary>
    public async Task ReachesAsync(string what, Func<LoadView, bool> isIt)
    {
        var deadline = Task.Delay(Eventually.Patience, TestContext.Current.CancellationToken);
        while (_view.Current is var current && !isIt(current.Value))
        {
            Assert.False(deadline.IsCompleted, $"Waited {Eventually.Patience} for: {what}\nlast seen: {current.Value}");
            await Task.WhenAny(current.Replaced, deadline);
        }
    }

    /// <summary>Stops the callers and lets each request have its answer; none may have failed.</summary>
    public async Task NoneFailedAsync()
    {
        await _stopping.CancelAsync();
        await _calling;
        Assert.True(View.Failures.IsEmpty, View.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _calling;
        _stopping.Dispose();
    }

    private async Task CallAsync(Caller caller, string host)
    {
        using var timer = new PeriodicTimer(Interval);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var answer = await caller.GetAsync(host);
                _view.Update(view => view.With(answer));
            }
            catch (HttpRequestException e)
            {
                _view.Update(view => view with { Total = view.Total + 1, Failures = view.Failures.Add(e.Message) });
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
