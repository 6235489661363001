namespace Weft.Bpf;

/// <summary>Where on the way of a packet netfilter asks, <c>enum nf_inet_hooks</c>.</summary>
public enum NetfilterHook
{
    /// <summary>All that comes in, before it is routed.</summary>
    PreRouting = 0,

    /// <summary>What comes in for this machine.</summary>
    LocalIn = 1,

    /// <summary>What goes through.</summary>
    Forward = 2,

    /// <summary>What this machine sends.</summary>
    LocalOut = 3,

    /// <summary>All that goes out, after it is routed.</summary>
    PostRouting = 4,
}

/// <summary>Whose packets netfilter asks about, <c>NFPROTO_…</c>.</summary>
public enum NetfilterFamily
{
    /// <summary>IPv4.</summary>
    IPv4 = 2,

    /// <summary>IPv6.</summary>
    IPv6 = 10,
}
