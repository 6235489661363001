using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Weft.Flow;
using Weft.Testing;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>
/// A collector of OpenTelemetry in the test's own process: OTLP by gRPC without TLS. It keeps all that it is sent; the
/// messages are read by their field numbers.
/// </summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _server;

    private OtlpCollector(WebApplication server) => _server = server;

    public Latest<ImmutableList<OtlpSpan>> Spans { get; } = new([]);

    public Latest<ImmutableList<OtlpMetric>> Metrics { get; } = new([]);

    public int Port => new Uri(_server.Urls.Single()).Port;

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var collector = new OtlpCollector(builder.Build());
        collector._server.MapPost(
            "/opentelemetry.proto.collector.trace.v1.TraceService/Export", context => TakeAsync(context, collector.AddSpans));
        collector._server.MapPost(
            "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", context => TakeAsync(context, collector.AddMetrics));
        await collector._server.StartAsync();
        return collector;
    }

    /// <summary>Awaits spans that fit, sent already or later.</summary>
    public Task<ImmutableList<OtlpSpan>> SpansAsync(Func<ImmutableList<OtlpSpan>, bool> isIt) => UntilAsync(Spans, isIt);

    /// <summary>Awaits metrics that fit, sent already or later.</summary>
    public Task<ImmutableList<OtlpMetric>> MetricsAsync(Func<ImmutableList<OtlpMetric>, bool> isIt) => UntilAsync(Metrics, isIt);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private static async Task<ImmutableList<T>> UntilAsync<T>(Latest<ImmutableList<T>> sent, Func<ImmutableList<T>, bool> isIt)
    {
        var deadline = Task.Delay(Eventually.Patience, TestContext.Current.CancellationToken);
        while (true)
        {
            var current = sent.Current;
            if (isIt(current.Value))
            {
                return current.Value;
            }

            Assert.False(deadline.IsCompleted, $"What was sent does not fit:\n{string.Join('\n', current.Value)}");
            await Task.WhenAny(current.Replaced, deadline);
        }
    }

    private static async Task TakeAsync(HttpContext context, Action<byte[]> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var bytes = body.ToArray();
        // A byte for compression, four for the length, the message.
        take(bytes[5..(5 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)))]);
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private void AddSpans(byte[] request)
    {
        var sent =
            from resource in Fields.Of(request).Messages(1)
            let service = Attributes(resource.Messages(1).Single(), 1).GetValueOrDefault("service.name")
            from scope in resource.Messages(2)
            from span in scope.Messages(2)
            select new OtlpSpan(
                service!,
                scope.Messages(1).Single().Text(1),
                span.Hex(1),
                span.Hex(2),
                span.Hex(4),
                span.Text(5),
                (int)span.Number(6),
                Attributes(span, 9),
                [.. span.Messages(13).Select(link => link.Hex(1))]);
        var spans = sent.ToArray();
        Spans.Update(all => all.AddRange(spans));
    }

    private void AddMetrics(byte[] request)
    {
        var sent =
            from resource in Fields.Of(request).Messages(1)
            from scope in resource.Messages(2)
            from metric in scope.Messages(2)
            select new OtlpMetric(scope.Messages(1).Single().Text(1), metric.Text(1), metric.Text(3));
        var metrics = sent.ToArray();
        Metrics.Update(all => all.AddRange(metrics));
    }

    private static ImmutableDictionary<string, string> Attributes(Fields owner, int number) =>
        owner.Messages(number).ToImmutableDictionary(a => a.Text(1), a => a.Messages(2).Single().Any());

    /// <summary>The fields of a message, by their numbers.</summary>
    private sealed class Fields(ILookup<int, object> values)
    {
        public static Fields Of(byte[] message) => new(Read(message).ToLookup(f => f.Number, f => f.Value));

        public IEnumerable<Fields> Messages(int number) =>
            values[number].Cast<ByteString>().Select(b => Of(b.ToByteArray()));

        public string Text(int number) => values[number].Cast<ByteString>().FirstOrDefault(ByteString.Empty).ToStringUtf8();

        public string Hex(int number) =>
            Convert.ToHexStringLower(values[number].Cast<ByteString>().FirstOrDefault(ByteString.Empty).Span);

        public ulong Number(int number) => values[number].Cast<ulong>().FirstOrDefault();

        /// <summary>The one value that an attribute has.</summary>
        public string Any() => values.Single().Single() is ByteString text
            ? text.ToStringUtf8()
            : $"{values.Single().Single()}";

        private static IEnumerable<(int Number, object Value)> Read(byte[] message)
        {
            var input = new CodedInputStream(message);
            while (input.ReadTag() is > 0 and var tag)
            {
                object value = WireFormat.GetTagWireType(tag) switch
                {
                    WireFormat.WireType.Varint => input.ReadUInt64(),
                    WireFormat.WireType.Fixed64 => input.ReadFixed64(),
                    WireFormat.WireType.Fixed32 => input.ReadFixed32(),
                    _ => input.ReadBytes(),
                };
                yield return (WireFormat.GetTagFieldNumber(tag), value);
            }
        }
    }
}

/// <summary>A span as it was sent.</summary>
/// <param name="Kind">1 internal, 2 server, 3 client, 4 producer.</param>
/// <param name="Links">The traces of the spans that it refers to.</param>
internal sealed record OtlpSpan(
    string Service, string Scope, string Trace, string Id, string Parent, string Name, int Kind,
    ImmutableDictionary<string, string> Attributes, ImmutableArray<string> Links)
{
    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);
}

/// <summary>A metric as it was sent.</summary>
internal sealed record OtlpMetric(string Scope, string Name, string Unit);
