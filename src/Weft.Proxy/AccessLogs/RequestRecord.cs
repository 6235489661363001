using System.Globalization;
using System.Net;
using Weft.Proxy.Forwarding;
using Weft.Proxy.Tracing;

namespace Weft.Proxy.AccessLogs;

/// <summary>A request that has ended, as its log lines tell it.</summary>
/// <param name="Received">Bytes of the request's body.</param>
/// <param name="Sent">Bytes of the response's body.</param>
internal sealed record RequestRecord(
    Exchange Exchange, DateTimeOffset Began, TimeSpan Duration, long Received, long Sent)
{
    /// <summary>0 where the caller went away before there was a response.</summary>
    public int Status => Exchange.Flags.HasFlag(ResponseFlags.DC) && !Exchange.Context.Response.HasStarted
        ? 0
        : Exchange.Context.Response.StatusCode;

    public string? RequestHeader(string name) => Exchange.Header(name);

    public string? ResponseHeader(string name) =>
        name == ":status" ? Status.ToString(CultureInfo.InvariantCulture)
        : Exchange.Context.Response.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0]
        : null;

    /// <summary>That of its spans, else that of the caller by the headers of W3C; null where there is none.</summary>
    public string? TraceId =>
        Exchange.Trace is { } traced ? traced.TraceId.ToHexString()
        : TraceParent.TryRead(Exchange.Request.Headers, out var told) ? told.TraceId.ToHexString()
        : null;

    public string? Caller =>
        Exchange.Context.Connection is { RemoteIpAddress: { } address } connection
            ? new IPEndPoint(address, connection.RemotePort).ToString()
            : null;

    public string? CallerAddress => Exchange.Context.Connection.RemoteIpAddress?.ToString();

    public string? Local =>
        Exchange.Context.Connection is { LocalIpAddress: { } address } connection
            ? new IPEndPoint(address, connection.LocalPort).ToString()
            : null;
}
