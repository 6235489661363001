using System.Collections.Immutable;
using System.Net;
using Weft.EndToEnd.Tests.Stage;
using Weft.Flow;
using Weft.Testing;

namespace Weft.EndToEnd.Tests.Plugins;

/// <summary>What a crowd has seen.</summary>
/// <param name="Last">The last answer of each caller; empty before its first.</param>
/// <param name="Returns">How often a caller got another answer than before.</param>
internal sealed record CrowdView(int Total, ImmutableArray<string> Last, int Returns, ImmutableList<string> Failures);

/// <summary>
/// Callers that send requests until they are stopped, each on a connection of its own: so many that each worker thread of
/// a proxy has some of them.
/// </summary>
internal sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Latest<CrowdView> _view;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _calling;

    public Crowd(int callers, int port, string host, params (string Name, string Value)[] headers)
    {
        _view = new(new(0, [.. Enumerable.Repeat("", callers)], 0, []));
        _calling = Task.WhenAll(Enumerable.Range(0, callers).Select(i => Task.Run(() => CallAsync(i, port, host, headers))));
    }

    public CrowdView View => _view.Value;

    /// <summary>Awaits that all callers get this answer.</summary>
    public async Task AllGetAsync(string answer)
    {
        var deadline = Task.Delay(Eventually.Patience, TestContext.Current.CancellationToken);
        while (_view.Current is var current && !current.Value.Last.All(last => last == answer))
        {
            Assert.False(deadline.IsCompleted, $"{current.Value.Last.Count(last => last == answer)} callers get {answer}.");
            await Task.WhenAny(current.Replaced, deadline);
        }
    }

    /// <summary>Stops the callers and lets each request have its answer; none may have failed.</summary>
    public async Task NoneFailedAsync()
    {
        await _stopping.CancelAsync();
        await _calling;
        Assert.True(View.Failures.IsEmpty, string.Join('\n', View.Failures.Take(3)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _calling;
        _stopping.Dispose();
    }

    private async Task CallAsync(int number, int port, string host, (string Name, string Value)[] headers)
    {
        using var caller = new Caller(port);
        using var timer = new PeriodicTimer(Interval);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var answer = await caller.GetAsync(host, "/", headers);
                _view.Update(view => With(view, number, answer));
            }
            catch (HttpRequestException e)
            {
                _view.Update(view => view with { Total = view.Total + 1, Failures = view.Failures.Add(e.Message) });
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static CrowdView With(CrowdView view, int number, Answer answer) => new(
        view.Total + 1,
        view.Last.SetItem(number, answer.Body),
        view.Returns + (view.Last[number].Length > 0 && view.Last[number] != answer.Body ? 1 : 0),
        answer.Status == HttpStatusCode.OK ? view.Failures : view.Failures.Add($"{answer.Status}: {answer.Body}"));
}
