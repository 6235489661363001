using Envoy.Config.Core.V3;
using Grpc.Core;

namespace Weft.Xds.Serving;

/// <summary>
/// Stands over one stream: lets it in, holds its requests to their pace, asks again whether its credentials still hold,
/// and ends it when they do not, or when it never says what it wants.
/// </summary>
/// <remarks>
/// <code>
///  (opens) --Entry allowed--> [silent] --first request, claim allowed--> [admitted] --+ every period, and at each change
///     |                          | FirstRequestTimeout                       ^--------+ of the credentials: still allowed
///     v                          v                                           v no longer allowed
///  UNAUTHENTICATED        DEADLINE_EXCEEDED             UNAUTHENTICATED, PERMISSION_DENIED
/// </code>
/// </remarks>
internal sealed class StreamGuard : IDisposable
{
    private readonly StreamGate _gate;
    private readonly CancellationTokenSource _refused = new();
    private readonly RequestBudget _budget;
    private readonly Func<Node, AccessClaim> _claim;
    private readonly ITimer _timer;
    private volatile AccessClaim _asked = AccessClaim.Entry.Instance;
    private RpcException? _refusal;

    public StreamGuard(StreamGate gate, ClientCredentials credentials, string peer, Func<Node, AccessClaim> claim)
    {
        (_gate, Credentials, Peer, _claim) = (gate, credentials, peer, claim);
        _budget = new(gate.Time, gate.Settings.RequestBurst, gate.Settings.RequestsPerSecond);
        _timer = gate.Time.CreateTimer(
            static guard => ((StreamGuard)guard!).OnTimer(), this,
            gate.Settings.FirstRequestTimeout, Timeout.InfiniteTimeSpan);
    }

    public ClientCredentials Credentials { get; }

    public string Peer { get; }

    /// <summary>Cancelled once the stream is to end; nothing of it may wait any longer.</summary>
    public CancellationToken Refused => _refused.Token;

    /// <summary>Runs the stream; where it ended because of this guard, says so.</summary>
    /// <exception cref="RpcException">It was refused.</exception>
    public async Task RunAsync(Func<Task> stream)
    {
        try
        {
            await stream();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && _refusal is not null)
        {
            throw _refusal;
        }
    }

    /// <summary>Takes note of a request.</summary>
    /// <param name="node">Only the first request's counts.</param>
    /// <exception cref="RpcException">It is one too many, or the first one, and its claim is not allowed.</exception>
    public void Take(Node? node)
    {
        if (!_budget.TryTake())
        {
            throw _gate.Refusing(this, StatusCode.ResourceExhausted, "The stream sends requests faster than it may: "
                + $"{_gate.Settings.RequestsPerSecond} each second, after the first {_gate.Settings.RequestBurst}.");
        }

        if (_asked is AccessClaim.Entry)
        {
            // From now on a change of the credentials is judged by this claim: one that comes between the two is not missed.
            _asked = _claim(node ?? new Node());
            var period = _gate.Settings.Authorizer is null ? Timeout.InfiniteTimeSpan : _gate.Settings.ReauthorizePeriod;
            _timer.Change(period, period);
            if (_gate.RefusalOf(this, _asked) is { } refusal)
            {
                throw refusal;
            }
        }
    }

    /// <summary>A response went out, which will be answered.</summary>
    public void Sent() => _budget.Earn();

    /// <summary>Asks whether the stream is still allowed, and ends it where it is not.</summary>
    public void AskAgain()
    {
        if (_gate.RefusalOf(this, _asked) is { } refusal)
        {
            End(refusal);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _gate.Leave(this);
        // Not disposed of: a timer or a reload that is under way may still cancel it, and it holds nothing.
    }

    private void OnTimer()
    {
        if (_asked is not AccessClaim.Entry)
        {
            AskAgain();
            return;
        }

        End(_gate.Refusing(this, StatusCode.DeadlineExceeded,
            $"The stream sent no request within {_gate.Settings.FirstRequestTimeout.TotalSeconds} s."));
    }

    private void End(RpcException refusal)
    {
        if (Interlocked.CompareExchange(ref _refusal, refusal, null) is null)
        {
            _refused.Cancel();
        }
    }
}
