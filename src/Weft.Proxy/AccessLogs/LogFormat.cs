using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Weft.Proxy.AccessLogs;

/// <summary>How a log line is written, compiled once.</summary>
internal abstract record LogFormat
{
    private LogFormat()
    {
    }

    public abstract byte[] Line(RequestRecord record);

    private static string Join(ImmutableArray<LogPart> parts, RequestRecord record) =>
        string.Concat(parts.Select(p => p.Of(record) ?? "-"));

    /// <summary>A text that says itself where the line ends.</summary>
    internal sealed record Text(ImmutableArray<LogPart> Parts) : LogFormat
    {
        public override byte[] Line(RequestRecord record)
        {
            var line = new StringBuilder();
            foreach (var part in Parts)
            {
                var text = part.Of(record) ?? "-";
                line.Append(part is LogPart.Literal ? text : OneLine(text));
            }

            return Encoding.UTF8.GetBytes(line.ToString());
        }

        /// <summary>What a caller sends must not look like another line.</summary>
        private static string OneLine(string text) =>
            text.AsSpan().ContainsAnyInRange('\0', '\x1f')
                ? string.Concat(text.Select(c => c < ' ' ? '?' : c))
                : text;
    }

    /// <summary>An object of JSON in each line.</summary>
    internal sealed record Json(LogNode Root) : LogFormat
    {
        // As Envoy escapes: no more than JSON asks for.
        private static readonly JsonWriterOptions Options = new()
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            SkipValidation = true,
        };

        public override byte[] Line(RequestRecord record)
        {
            var buffer = new ArrayBufferWriter<byte>(1024);
            using (var json = new Utf8JsonWriter(buffer, Options))
            {
                Root.Write(json, record);
            }

            buffer.Write("\n"u8);
            return buffer.WrittenSpan.ToArray();
        }
    }

    /// <summary>A value within a line of JSON.</summary>
    internal abstract record LogNode
    {
        private LogNode()
        {
        }

        public abstract void Write(Utf8JsonWriter json, RequestRecord record);

        internal sealed record Map(ImmutableArray<(string Name, LogNode Value)> Members) : LogNode
        {
            public override void Write(Utf8JsonWriter json, RequestRecord record)
            {
                json.WriteStartObject();
                foreach (var (name, value) in Members)
                {
                    json.WritePropertyName(name);
                    value.Write(json, record);
                }

                json.WriteEndObject();
            }
        }

        internal sealed record List(ImmutableArray<LogNode> Items) : LogNode
        {
            public override void Write(Utf8JsonWriter json, RequestRecord record)
            {
                json.WriteStartArray();
                foreach (var item in Items)
                {
                    item.Write(json, record);
                }

                json.WriteEndArray();
            }
        }

        /// <summary>The same for every request, as JSON.</summary>
        internal sealed record Fixed(string Raw) : LogNode
        {
            public override void Write(Utf8JsonWriter json, RequestRecord record) => json.WriteRawValue(Raw);
        }

        /// <summary>One command keeps its type: numbers are numbers, and what is absent is null.</summary>
        internal sealed record Value(ImmutableArray<LogPart> Parts) : LogNode
        {
            public override void Write(Utf8JsonWriter json, RequestRecord record)
            {
                if (Parts is [LogPart.Number number])
                {
                    json.WriteNumberValue(number.Value(record));
                }
                else
                {
                    json.WriteStringValue(Parts is [var only] ? only.Of(record) : Join(Parts, record));
                }
            }
        }
    }
}
