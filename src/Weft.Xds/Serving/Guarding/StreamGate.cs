using System.Collections.Concurrent;
using Envoy.Config.Core.V3;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Weft.Xds.Serving;

/// <summary>
/// Where every call of the xDS services comes in: asks the <see cref="IClientAuthorizer"/>, if there is one, and gives
/// each stream its guard.
/// </summary>
internal sealed partial class StreamGate(
    XdsServer server, XdsMetrics metrics, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<StreamGate> logger)
{
    // Whoever is refused comes back: the log must not grow with it. The metric counts them all.
    private readonly RequestBudget _lines = new(time, burst: 20, perSecond: 1);
    private readonly ConcurrentDictionary<StreamGuard, bool> _open = new();
    private bool _isFollowed;

    public XdsServerSettings Settings => server.Settings;

    public TimeProvider Time => time;

    /// <summary>Lets a stream in.</summary>
    /// <param name="claim">What its first request, by its node, asks to be allowed.</param>
    /// <exception cref="RpcException">Its credentials are not good.</exception>
    public StreamGuard Enter(ServerCallContext context, Func<Node, AccessClaim> claim)
    {
        Follow();
        var guard = new StreamGuard(this, CredentialsOf(context), context.Peer, claim);
        _open[guard] = true;
        if (RefusalOf(guard, AccessClaim.Entry.Instance) is { } refusal)
        {
            guard.Dispose();
            throw refusal;
        }

        return guard;
    }

    /// <summary>Lets a call that is no stream pass.</summary>
    /// <exception cref="RpcException">It is not allowed.</exception>
    public void Check(ServerCallContext context, AccessClaim claim)
    {
        if (RefusalOf(CredentialsOf(context), context.Peer, claim) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Lets a poll pass.</summary>
    /// <exception cref="RpcException">It is not allowed.</exception>
    public void Check(HttpContext http, AccessClaim claim)
    {
        var credentials = Settings.Authorizer is null ? ClientCredentials.None : ClientCredentials.Of(http);
        if (RefusalOf(credentials, $"{http.Connection.RemoteIpAddress}:{http.Connection.RemotePort}", claim) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Why a stream may not have what it claims, as its end; null where it may.</summary>
    public RpcException? RefusalOf(StreamGuard guard, AccessClaim claim) => RefusalOf(guard.Credentials, guard.Peer, claim);

    /// <summary>A refusal that is counted and told.</summary>
    public RpcException Refusing(StreamGuard guard, StatusCode code, string why) => Refusing(guard.Peer, code, why);

    public void Leave(StreamGuard guard) => _open.TryRemove(guard, out _);

    private ClientCredentials CredentialsOf(ServerCallContext context) =>
        Settings.Authorizer is null ? ClientCredentials.None : ClientCredentials.Of(context.GetHttpContext());

    private RpcException? RefusalOf(ClientCredentials credentials, string peer, AccessClaim claim) =>
        Settings.Authorizer?.Decide(credentials, claim) switch
        {
            null or { Verdict: AccessVerdict.Allowed } => null,
            { Verdict: AccessVerdict.Unauthenticated, Reason: var why } => Refusing(peer, StatusCode.Unauthenticated, why),
            { Reason: var why } => Refusing(peer, StatusCode.PermissionDenied, why),
        };

    private RpcException Refusing(string peer, StatusCode code, string why)
    {
        metrics.Refused(code);
        lock (_lines)
        {
            if (_lines.TryTake())
            {
                Log.Refused(logger, peer, code, why);
            }
        }

        return new(new Status(code, why));
    }

    private void Follow()
    {
        if (Settings.Authorizer is { } authorizer && !Interlocked.Exchange(ref _isFollowed, true))
        {
            _ = FollowAsync(authorizer, lifetime.ApplicationStopping);
        }
    }

    // Asks anew for every open stream when the credentials have changed.
    private async Task FollowAsync(IClientAuthorizer authorizer, CancellationToken stopping)
    {
        var changed = authorizer.Changed;
        // Those that came in before the line above may have been judged by what was in force before.
        AskAgain();
        while (true)
        {
            await changed.WaitAsync(stopping);
            changed = authorizer.Changed;
            AskAgain();
        }
    }

    private void AskAgain()
    {
        foreach (var (guard, _) in _open)
        {
            guard.AskAgain();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Peer} is refused ({Code}): {Why}")]
        public static partial void Refused(ILogger logger, string peer, StatusCode code, string why);
    }
}
