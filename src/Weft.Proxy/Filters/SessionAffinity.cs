using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Routing;

namespace Weft.Proxy.Filters;

/// <summary>Keeps a caller at the endpoint that its first request reached.</summary>
/// <param name="Strict">Whether a request fails whose endpoint is not there any more.</param>
internal abstract record SessionAffinity(bool Strict) : HttpFilterConfig
{
    /// <summary>
    /// The endpoint that a request belongs to; null where it has none yet, or what it says is nothing.
    /// </summary>
    public abstract IPEndPoint? Find(in RequestFacts request, DateTimeOffset now);

    /// <summary>Tells the caller where its request went.</summary>
    public abstract void Tell(IPEndPoint? asked, IPEndPoint reached, IHeaderDictionary response, DateTimeOffset now);

    /// <summary>In a cookie, as a message of Envoy's with the address and the end of its life.</summary>
    internal sealed record Cookie(string Name, TimeSpan Lifetime, string Path, bool Strict) : SessionAffinity(Strict)
    {
        public override IPEndPoint? Find(in RequestFacts request, DateTimeOffset now) =>
            FitsPath(request.Path) && Cookies.Find(request.Headers, Name) is { } value
                ? SessionCookie.Read(value, Lifetime > TimeSpan.Zero, now)
                : null;

        public override void Tell(IPEndPoint? asked, IPEndPoint reached, IHeaderDictionary response, DateTimeOffset now)
        {
            if (!reached.Equals(asked))
            {
                var end = Lifetime > TimeSpan.Zero ? now + Lifetime : (DateTimeOffset?)null;
                response.Append("set-cookie", Cookies.Set(Name, SessionCookie.Write(reached, end), Lifetime, Path));
            }
        }

        /// <summary>RFC 6265, section 5.1.4.</summary>
        private bool FitsPath(ReadOnlySpan<char> path) =>
            Path.Length == 0 || (path.StartsWith(Path, StringComparison.Ordinal)
                && (Path.EndsWith('/') || path.Length == Path.Length || path[Path.Length] == '/'));
    }

    /// <summary>In a header, as the address in Base64.</summary>
    internal sealed record Header(string Name, bool Strict) : SessionAffinity(Strict)
    {
        public override IPEndPoint? Find(in RequestFacts request, DateTimeOffset now) =>
            request.Header(Name) is { Length: < 200 } value && SessionCookie.Decode(value) is { } bytes
            && IPEndPoint.TryParse(Encoding.UTF8.GetString(bytes), out var address)
                ? address
                : null;

        public override void Tell(IPEndPoint? asked, IPEndPoint reached, IHeaderDictionary response, DateTimeOffset now)
        {
            if (!reached.Equals(asked))
            {
                response[Name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(reached.ToString()));
            }
        }
    }
}
