using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Envoy.Config.Core.V3;
using Envoy.Extensions.AccessLoggers.File.V3;
using Envoy.Extensions.AccessLoggers.Stream.V3;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Routing;
using Fixed = Weft.Proxy.AccessLogs.LogFormat.LogNode.Fixed;
using LogNode = Weft.Proxy.AccessLogs.LogFormat.LogNode;
using Message = Envoy.Config.Accesslog.V3.AccessLog;

namespace Weft.Proxy.Config;

/// <summary>Where access logs go, and how their lines look.</summary>
internal static class AccessLogDecoding
{
    private const string Default =
        "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" %RESPONSE_CODE% "
        + "%RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "
        + "\"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" "
        + "\"%UPSTREAM_HOST%\"\n";

    private static readonly FrozenSet<string> LogFields = FrozenSet.Create("name", "typed_config");

    private static readonly FrozenSet<string> LoggerFields = FrozenSet.Create("path", "log_format");

    private static readonly FrozenSet<string> FormatFields = FrozenSet.Create("json_format", "text_format_source");

    public static ImmutableArray<AccessLogConfig> Decode(RepeatedField<Message> messages, Refusals refusals) =>
        [.. messages.Select((m, i) => Decode(m, $"access_log[{i}]", refusals)).OfType<AccessLogConfig>()];

    private static AccessLogConfig? Decode(Message message, string where, Refusals refusals)
    {
        refusals.AddUnknown(message, where, LogFields);
        if (message.TypedConfig is { } packed)
        {
            if (packed.TryUnpack<StdoutAccessLog>(out var output))
            {
                refusals.AddUnknown(output, where, LoggerFields);
                return new(null, Format(output.LogFormat, where, refusals));
            }

            if (packed.TryUnpack<FileAccessLog>(out var file))
            {
                refusals.AddUnknown(file, where, LoggerFields);
                return new(Path(file.Path, where, refusals), Format(file.LogFormat, where, refusals));
            }
        }

        refusals.Add(where, $"{message.Name} is not supported by Weft.Proxy");
        return null;
    }

    private static string? Path(string path, string where, Refusals refusals)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            refusals.Add(where, "path is not that of a file");
        }

        // One writer for the output, however it is called.
        return path == "/dev/stdout" ? null : path;
    }

    private static LogFormat Format(SubstitutionFormatString? message, string where, Refusals refusals)
    {
        if (message is null)
        {
            return new LogFormat.Text(Parts(Default, where, refusals));
        }

        refusals.AddUnknown(message, $"{where} log_format", FormatFields);
        if (message.JsonFormat is { } json)
        {
            return new LogFormat.Json(Map(json, where, refusals));
        }

        var source = message.TextFormatSource;
        if (source?.SpecifierCase != DataSource.SpecifierOneofCase.InlineString)
        {
            refusals.Add(where, "log_format needs json_format, or text_format_source with an inline_string");
        }

        return new LogFormat.Text(Parts(source?.InlineString ?? "", where, refusals));
    }

    /// <summary>As in Envoy the members come in the order of their names.</summary>
    private static LogNode.Map Map(Struct message, string where, Refusals refusals) =>
        new(
        [
            .. message.Fields.OrderBy(f => f.Key, StringComparer.Ordinal)
                .Select(f => (f.Key, Node(f.Value, where, refusals))),
        ]);

    private static LogNode Node(Value value, string where, Refusals refusals)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.StringValue:
                return new LogNode.Value(Parts(value.StringValue, where, refusals));
            case Value.KindOneofCase.StructValue:
                return Map(value.StructValue, where, refusals);
            case Value.KindOneofCase.ListValue:
                return new LogNode.List([.. value.ListValue.Values.Select(v => Node(v, where, refusals))]);
            case Value.KindOneofCase.BoolValue:
                return new Fixed(value.BoolValue ? "true" : "false");
            case Value.KindOneofCase.NumberValue when double.IsFinite(value.NumberValue):
                return new Fixed(JsonValue.Create(value.NumberValue).ToJsonString());
            case Value.KindOneofCase.NumberValue:
                refusals.Add(where, "json_format holds a number that JSON does not have");
                return new Fixed("null");
            default:
                return new Fixed("null");
        }
    }

    private static ImmutableArray<LogPart> Parts(string text, string where, Refusals refusals)
    {
        var (parts, unknown) = CommandText.Parse<LogPart>(text, words => new LogPart.Literal(words), LogPart.Command);
        if (unknown is not null)
        {
            refusals.Add(where, $"command '{unknown}' is not supported by Weft.Proxy");
        }

        return parts;
    }
}
