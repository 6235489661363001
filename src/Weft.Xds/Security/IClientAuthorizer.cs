using Envoy.Config.Core.V3;

namespace Weft.Xds;

/// <summary>
/// Who may ask for what: the one seam between the server and whatever knows of certificates and tokens. It is asked when
/// a stream opens, at its first request, every <see cref="XdsServerSettings.ReauthorizePeriod"/>, and whenever
/// <see cref="Changed"/> completes. Must be safe for any number of threads, and quick: streams wait for it.
/// </summary>
public interface IClientAuthorizer
{
    /// <summary>Completes when earlier answers may no longer hold; after that, a new task waits for the next time.</summary>
    public Task Changed { get; }

    /// <summary>Judges one claim of a caller by what it shows now.</summary>
    public AccessDecision Decide(ClientCredentials credentials, AccessClaim claim);
}

/// <summary>What a caller asks to be allowed. A closed set.</summary>
public abstract record AccessClaim
{
    private AccessClaim()
    {
    }

    /// <summary>To open a stream at all, before it says who it is.</summary>
    public sealed record Entry : AccessClaim
    {
        /// <summary>The only one.</summary>
        public static Entry Instance { get; } = new();
    }

    /// <summary>To be this node: to get its resources.</summary>
    /// <param name="Node">As the stream's first request says it.</param>
    public sealed record Resources(Node Node) : AccessClaim;

    /// <summary>To report the loads of this node (LRS).</summary>
    /// <param name="Node">As the stream's first request says it.</param>
    public sealed record Loads(Node Node) : AccessClaim;

    /// <summary>To see how all clients are and what they are sent (CSDS).</summary>
    public sealed record Status : AccessClaim
    {
        /// <summary>The only one.</summary>
        public static Status Instance { get; } = new();
    }
}

/// <summary>How a claim was judged.</summary>
public enum AccessVerdict
{
    /// <summary>It is allowed.</summary>
    Allowed,

    /// <summary>No credentials, or none that are good (any more): <c>UNAUTHENTICATED</c>.</summary>
    Unauthenticated,

    /// <summary>Good credentials, but not for this: <c>PERMISSION_DENIED</c>.</summary>
    Denied,
}

/// <summary>The answer of an <see cref="IClientAuthorizer"/>.</summary>
/// <param name="Verdict">How it was judged.</param>
/// <param name="Reason">Why not, in words for the caller and the log, without secrets; empty where it is allowed.</param>
public sealed record AccessDecision(AccessVerdict Verdict, string Reason)
{
    /// <summary>It is allowed.</summary>
    public static AccessDecision Allowed { get; } = new(AccessVerdict.Allowed, "");

    /// <summary>There are no good credentials.</summary>
    public static AccessDecision Unauthenticated(string reason) => new(AccessVerdict.Unauthenticated, reason);

    /// <summary>The credentials are good, but not for this.</summary>
    public static AccessDecision Denied(string reason) => new(AccessVerdict.Denied, reason);
}
