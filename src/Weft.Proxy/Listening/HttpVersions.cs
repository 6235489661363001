namespace Weft.Proxy.Listening;

/// <summary>Which versions of HTTP a connection may begin with.</summary>
internal enum HttpVersions
{
    /// <summary>Whichever the caller begins with.</summary>
    Any,
    Http1,
    Http2,
}
