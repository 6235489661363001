using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weft.Proxy.Upstream;

/// <summary>Addresses of hosts that only requests name: asked of DNS, and kept for a while.</summary>
/// <param name="ask">DNS.</param>
internal sealed class HostLookup(Func<string, CancellationToken, Task<IPAddress[]>> ask, TimeProvider time)
{
    /// <summary>So many hosts are known or asked for at a time; Envoy's default.</summary>
    public const int Most = 1024;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>Envoy's <c>dns_query_timeout</c>.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Known> _known = new(StringComparer.OrdinalIgnoreCase);
    private volatile IPEndPoint[] _own = [];

    /// <summary>Where the proxy itself listens: nothing is sent there, it would come back for ever.</summary>
    public IPEndPoint[] Own
    {
        get => _own;
        set => _own = value;
    }

    /// <summary>Whether an address is one of the proxy's own.</summary>
    /// <param name="local">The address by which the caller came to the proxy, which is one of this machine.</param>
    public bool IsOwn(IPEndPoint target, IPAddress? local)
    {
        var address = Plain(target.Address);
        return Array.Exists(
            _own, own => own.Port == target.Port && (own.Address.Equals(address) || Covers(own.Address)));

        bool Covers(IPAddress own) =>
            (IsAny(own) && (IPAddress.IsLoopback(address) || (local is not null && Plain(local).Equals(address))))
            // To connect to "any" address is to connect to the loopback.
            || IsAny(address);
    }

    /// <summary>The address of a Host; null where there is none.</summary>
    public async ValueTask<IPEndPoint?> FindAsync(string authority, CancellationToken cancellation)
    {
        var (name, port) = Split(authority);
        if (port is null)
        {
            return null;
        }

        if (IPAddress.TryParse(name, out var literal))
        {
            // Not "1" or "0x7f.1": what only some take for an address is none.
            return name == literal.ToString() || literal.AddressFamily == AddressFamily.InterNetworkV6
                ? new(literal, port.Value)
                : null;
        }

        return IsName(name) && Answer(name) is { } answer && await answer.WaitAsync(cancellation) is { } found
            ? new(found, port.Value)
            : null;
    }

    /// <summary>Host and port, 80 where none is told; null for a port that is none.</summary>
    private static (string Name, int? Port) Split(string authority)
    {
        var colon = authority.LastIndexOf(':');
        var hasPort = colon >= 0 && !authority.EndsWith(']');
        var name = hasPort ? authority[..colon] : authority;
        var isBracketed = name.StartsWith('[');
        if (isBracketed != name.EndsWith(']') || isBracketed != name.Contains(':', StringComparison.Ordinal))
        {
            return (name, null);
        }

        return (name.Trim('[', ']'), hasPort ? Port(authority.AsSpan(colon + 1)) : 80);
    }

    private static int? Port(ReadOnlySpan<char> text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null;

    /// <summary>RFC 1035, section 2.3.4: "names 255 octets or less", of which two are not written.</summary>
    private static bool IsName(string name) =>
        name.Length is > 0 and <= 253 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>All who ask at a time share one question. Null where too many hosts are asked for.</summary>
    private Task<IPAddress?>? Answer(string name)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_known.TryGetValue(name, out var known) && known.IsOfUse(now))
            {
                return known.Answer;
            }

            if (_known.Count >= Most)
            {
                foreach (var (old, _) in _known.Where(k => !k.Value.IsOfUse(now)).ToArray())
                {
                    _known.Remove(old);
                }
            }

            if (_known.Count >= Most)
            {
                return null;
            }

            var asked = new Known(AskAsync(name), now + Lifetime);
            _known[name] = asked;
            return asked.Answer;
        }
    }

    private async Task<IPAddress?> AskAsync(string name)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            var found = await ask(name, patience.Token);
            return Array.Find(found, a => a.AddressFamily == AddressFamily.InterNetwork) ?? found.FirstOrDefault();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A failure is not kept: the next request asks again.</summary>
    private sealed record Known(Task<IPAddress?> Answer, DateTimeOffset Until)
    {
        public bool IsOfUse(DateTimeOffset now) =>
            !Answer.IsCompleted || (Answer is { IsCompletedSuccessfully: true, Result: not null } && now < Until);
    }
}
