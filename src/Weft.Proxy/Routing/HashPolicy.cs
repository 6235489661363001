using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Weft.Proxy.Routing;

/// <summary>A part of a request by which it is balanced.</summary>
/// <param name="Terminal">Whether those behind it are ignored where it gives a hash.</param>
internal abstract record HashPolicy(bool Terminal)
{
    /// <summary>A request header; its values in any order.</summary>
    internal sealed record Header(string Name, bool Terminal) : HashPolicy(Terminal);

    /// <summary>A query parameter's first value.</summary>
    internal sealed record Query(string Name, bool Terminal) : HashPolicy(Terminal);

    /// <summary>The caller's address, without the port.</summary>
    internal sealed record Source(bool Terminal) : HashPolicy(Terminal);

    /// <param name="Lifetime">Where it is not null, a caller without the cookie gets one; zero for its session.</param>
    internal sealed record Cookie(string Name, TimeSpan? Lifetime, string Path, bool Terminal) : HashPolicy(Terminal);

    /// <summary>The hash of a request, as Envoy computes it, and the cookie its caller gets, if any.</summary>
    public static (ulong? Hash, string? NewCookie) Hash(
        ImmutableArray<HashPolicy> policies, in RequestFacts request, ConnectionInfo connection)
    {
        ulong? hash = null;
        string? cookie = null;
        foreach (var policy in policies)
        {
            if (policy.Of(request, connection, ref cookie) is { } found)
            {
                // "Rotating the old value prevents duplicate hash rules from cancelling each other out."
                hash = hash is { } former ? ulong.RotateLeft(former, 1) ^ found : found;
            }

            if (policy.Terminal && hash is not null)
            {
                break;
            }
        }

        return (hash, cookie);
    }

    private ulong? Of(in RequestFacts request, ConnectionInfo connection, ref string? newCookie)
    {
        switch (this)
        {
            case Header header:
                return OfHeader(request, header.Name);
            case Query query:
                return QueryMatch.TryFind(request.Query, query.Name, out var value) ? Of(value) : null;
            case Source:
                return connection.RemoteIpAddress is { } caller ? Of(caller.ToString()) : null;
            case Cookie cookie:
                if (Cookies.Find(request.Headers, cookie.Name) is { Length: > 0 } known)
                {
                    return Of(known);
                }

                if (cookie.Lifetime is null)
                {
                    return null;
                }

                var made = Made(connection);
                newCookie = Cookies.Set(cookie.Name, made, cookie.Lifetime.Value, cookie.Path);
                return Of(made);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static ulong? OfHeader(in RequestFacts request, string name)
    {
        if (name.StartsWith(':'))
        {
            return request.Header(name) is { } pseudo ? Of(pseudo) : null;
        }

        if (!request.Headers.TryGetValue(name, out var values))
        {
            return null;
        }

        if (values.Count == 1)
        {
            return Of(values[0]);
        }

        ulong hash = 0;
        foreach (var value in values.Order(StringComparer.Ordinal))
        {
            hash = Of(value, hash);
        }

        return hash;
    }

    /// <summary>Envoy too makes it of the two ends of the connection.</summary>
    private static string Made(ConnectionInfo c) =>
        Of($"{c.RemoteIpAddress}:{c.RemotePort}{c.LocalIpAddress}:{c.LocalPort}")
            .ToString("x16", CultureInfo.InvariantCulture);

    private static ulong Of(ReadOnlySpan<char> text, ulong seed = 0)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, bytes);
        var hash = XxHash64.HashToUInt64(bytes.AsSpan(0, length), (long)seed);
        ArrayPool<byte>.Shared.Return(bytes);
        return hash;
    }
}
