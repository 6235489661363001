using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weft.Bpf;
using Weft.Bpf.Btf;

namespace Weft.Agent.Trace;

/// <summary>Writes records as lines of JSON, for several threads. What is written is kept until <see cref="Flush"/>.</summary>
/// <param name="most">How many records are written.</param>
/// <param name="atEnd">Called with the last of them.</param>
internal sealed class RecordLines(BtfSpec? types, TextWriter output, long most, Action atEnd) : IDisposable
{
    private const int KeptBytes = 1 << 16;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly BtfJson? _json = types is null ? null : new BtfJson(types);
    private readonly Utf8JsonWriter _writer = new(Stream.Null, Options);
    private long _count;

    /// <summary>How many were written.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <param name="cpu">The processor of a perf buffer; null for others.</param>
    /// <param name="type">What it is; null to write its bytes.</param>
    public void Add(string map, int? cpu, RecordShape? type, ReadOnlySpan<byte> record)
    {
        lock (_lock)
        {
            if (_count == most)
            {
                return;
            }

            Write(map, cpu, type, record);
            if (++_count == most)
            {
                atEnd();
            }

            if (_lines.WrittenCount > KeptBytes)
            {
                Flush();
            }
        }
    }

    public void Flush()
    {
        lock (_lock)
        {
            if (_lines.WrittenCount > 0)
            {
                output.Write(Encoding.UTF8.GetString(_lines.WrittenSpan));
                output.Flush();
                _lines.ResetWrittenCount();
            }
        }
    }

    public void Dispose() => _writer.Dispose();

    private void Write(string map, int? cpu, RecordShape? type, ReadOnlySpan<byte> record)
    {
        try
        {
            Line(map, cpu, type, record);
        }
        catch (BpfFormatException) when (type is not null)
        {
            Line(map, cpu, null, record);
        }

        _lines.Write(_line.WrittenSpan);
        _lines.Write("\n"u8);
    }

    private void Line(string map, int? cpu, RecordShape? type, ReadOnlySpan<byte> record)
    {
        _line.ResetWrittenCount();
        _writer.Reset(_line);
        _writer.WriteStartObject();
        _writer.WriteString("map"u8, map);
        if (cpu is { } number)
        {
            _writer.WriteNumber("cpu"u8, number);
        }

        _writer.WriteString("type"u8, type?.Name);
        _writer.WritePropertyName("data"u8);
        if (type is null || _json is null)
        {
            _writer.WriteStringValue(Convert.ToHexStringLower(record));
        }
        else
        {
            _json.Write(_writer, type.Id, record);
        }

        _writer.WriteEndObject();
        _writer.Flush();
    }
}
