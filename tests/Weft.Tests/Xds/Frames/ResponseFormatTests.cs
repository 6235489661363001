using System.Buffers;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Grpc.Core;
using Weft.Xds;
using Weft.Xds.Frames;
using Weft.Xds.Serving;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds.Frames;

public sealed class ResponseFormatTests
{
    private static readonly ResponseMessages Messages = new("weft");

    // The lengths at which a length takes one byte more.
    private static readonly int[] Lengths = [0, 1, 5, 120, 127, 128, 129, 16_000, 16_383, 16_384, 16_385, 70_000];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_written_reads_as_the_message_that_protobuf_would_write(int seed)
    {
        var response = Random(new Random(seed));
        // Only delta has a word for what is removed.
        var whole = response with { Removed = [] };
        Assert.Equal(Unwrapped(Messages.Sotw(whole)), Unwrapped(DiscoveryResponse.Parser.ParseFrom(Written(ResponseFormat.Sotw("weft"), whole))));
        Assert.Equal(Messages.Delta(response), DeltaDiscoveryResponse.Parser.ParseFrom(Written(ResponseFormat.Delta("weft"), response)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void So_is_what_was_asked_for_by_aliases_and_what_is_nothing(int seed)
    {
        var random = new Random(seed);
        var response = Random(random);
        response = response with
        {
            Resources =
            [
                .. response.Resources.Select(r => r.AskedAs([.. Enumerable.Range(0, random.Next(200)).Select(_ => Text(random))])),
                XdsResource.Nothing(TypeUrl.VirtualHost, Text(random)),
            ],
        };
        var written = DeltaDiscoveryResponse.Parser.ParseFrom(Written(ResponseFormat.Delta("weft"), response));
        Assert.Equal(Messages.Delta(response), written);
        Assert.Null(written.Resources[^1].Resource_);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(200)]
    public void A_resource_in_parts_is_the_resource(int most)
    {
        var resource = XdsResource.Create("x/y", "näme", ByteString.CopyFrom(Bytes(new(1), 500)))
            .WithTimeToLive(TimeSpan.FromSeconds(70));
        foreach (var lifetimes in Enum.GetValues<Lifetimes>())
        {
            var response = new Response("x/y", "v", 1, [resource], []) { Lifetimes = lifetimes };
            AssertIsWholeInParts(ResponseFormat.Delta("weft"), response, most);
            AssertIsWholeInParts(ResponseFormat.Sotw("weft"), response, most);
        }
    }

    private static void AssertIsWholeInParts(ResponseFormat format, Response response, int most)
    {
        var resource = response.Resources[0];
        var (whole, parts) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var to = new BlockWriter(whole);
        format.WriteResource(response, resource, 0, int.MaxValue, ref to);
        to.Done();
        for (var at = 0; at < format.SizeOf(response, resource);)
        {
            to = new BlockWriter(parts);
            var part = format.WriteResource(response, resource, at, most, ref to);
            to.Done();
            Assert.InRange(part, 1, most);
            at += part;
        }

        Assert.Equal(format.SizeOf(response, resource), whole.WrittenCount);
        Assert.Equal(whole.WrittenSpan, parts.WrittenSpan);
        Assert.InRange(whole.WrittenCount, 1, resource.Size + 8);
    }

    [Fact]
    public void Once_a_resource_has_been_sent_to_write_it_to_another_stream_allocates_nothing()
    {
        var response = new Response(TypeUrl.Endpoints, "v", 1, [.. Enumerable.Range(0, 10).Select(Assignment)], ["gone"]);
        var format = ResponseFormat.Delta("weft");
        var to = new ArrayBufferWriter<byte>(1024 * 1024);
        Write(format, response, to);
        to.ResetWrittenCount();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(format, response, to);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // Within a wrapper the order of fields is another one, and messages compare packed ones by their bytes.
    private static DiscoveryResponse Unwrapped(DiscoveryResponse response)
    {
        foreach (var any in response.Resources.Where(any => any.Is(Resource.Descriptor)))
        {
            any.Value = any.Unpack<Resource>().ToByteString();
        }

        return response;
    }

    private static byte[] Written(ResponseFormat format, Response response)
    {
        var to = new ArrayBufferWriter<byte>();
        Write(format, response, to);
        Assert.Equal(format.SizeOf(response), to.WrittenCount);
        return to.WrittenSpan.ToArray();
    }

    private static void Write(ResponseFormat format, Response response, ArrayBufferWriter<byte> pipe)
    {
        var to = new BlockWriter(pipe);
        foreach (var resource in response.Resources)
        {
            format.WriteResource(response, resource, 0, int.MaxValue, ref to);
        }

        format.WriteRest(response, ref to);
        to.Done();
    }

    private static Response Random(Random random) => new(
        random.Next(2) == 0 ? TypeUrl.Cluster : "example.com/x.Y",
        Text(random),
        random.NextInt64(long.MaxValue),
        [.. Enumerable.Range(0, random.Next(4)).Select(i => XdsResource.Create(
            TypeUrl.Runtime, $"{i}{Text(random)}", ByteString.CopyFrom(Bytes(random, Lengths[random.Next(Lengths.Length)])))
            .WithTimeToLive(random.Next(2) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(100, 1_000_000))))],
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => Text(random))])
    {
        Lifetimes = (Lifetimes)random.Next(3),
        Errors = [.. Enumerable.Range(0, random.Next(3)).Select(_ =>
            new ResourceError(TypeUrl.Runtime, Text(random), (StatusCode)random.Next(1, 17), Text(random)))],
    };

    private static XdsResource Assignment(int i) => XdsResource.Create(TypeUrl.Endpoints, $"e{i}", ByteString.CopyFrom(Bytes(new(i), 400)));

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Text(Random random) => string.Concat(Enumerable.Repeat("aé漢😀"[..(random.Next(2) + 1)], random.Next(90)));
}
