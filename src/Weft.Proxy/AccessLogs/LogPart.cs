using System.Collections.Frozen;
using System.Globalization;
using Weft.Proxy.Routing;

namespace Weft.Proxy.AccessLogs;

/// <summary>A part of a log line.</summary>
internal abstract record LogPart
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    private static readonly FrozenDictionary<string, LogPart> Commands = new Dictionary<string, LogPart>
    {
        ["START_TIME"] = new Word(r => r.Began.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)),
        ["PROTOCOL"] = new Word(r => r.Exchange.Context.Request.Protocol),
        ["RESPONSE_CODE"] = new Number(r => r.Status),
        ["RESPONSE_FLAGS"] = new Word(r => r.Exchange.Flags.Text()),
        ["BYTES_RECEIVED"] = new Number(r => r.Received),
        ["BYTES_SENT"] = new Number(r => r.Sent),
        ["DURATION"] = new Number(r => (long)r.Duration.TotalMilliseconds),
        ["UPSTREAM_HOST"] = new Word(r => r.Exchange.Endpoint?.Address.ToString()),
        ["UPSTREAM_CLUSTER"] = new Word(r => r.Exchange.Cluster),
        ["ROUTE_NAME"] = new Word(r => r.Exchange.Route?.Name is { Length: > 0 } name ? name : null),
        ["DOWNSTREAM_REMOTE_ADDRESS"] = new Word(r => r.Caller),
        ["DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT"] = new Word(r => r.CallerAddress),
        ["DOWNSTREAM_LOCAL_ADDRESS"] = new Word(r => r.Local),
        ["TRACE_ID"] = new Word(r => r.TraceId),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private LogPart()
    {
    }

    /// <summary>Null where the request does not have it.</summary>
    public abstract string? Of(RequestRecord record);

    /// <summary>Null where Envoy does not know the command, or the proxy does not.</summary>
    public static LogPart? Command(string command) =>
        Commands.GetValueOrDefault(command)
        ?? (HeaderCommand.Parse(command, "REQ(") is { } request ? new Word(r => request.Of(r.RequestHeader))
            : HeaderCommand.Parse(command, "RESP(") is { } response ? new Word(r => response.Of(r.ResponseHeader))
            : null);

    internal sealed record Literal(string Text) : LogPart
    {
        public override string Of(RequestRecord record) => Text;
    }

    internal sealed record Number(Func<RequestRecord, long> Value) : LogPart
    {
        public override string Of(RequestRecord record) => Value(record).ToString(CultureInfo.InvariantCulture);
    }

    internal sealed record Word(Func<RequestRecord, string?> Value) : LogPart
    {
        public override string? Of(RequestRecord record) => Value(record);
    }
}
