using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using Grpc.Core;
using Weft.Xds.Frames;

namespace Weft.Tests.Xds.Frames;

public sealed class FrameRequestsTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    private readonly Pipe _pipe = new();
    private readonly FrameRequests<string> _requests;

    public FrameRequestsTests() => _requests = new(_pipe.Reader, 5000, bytes => Encoding.UTF8.GetString(bytes));

    [Fact]
    public async Task A_request_may_come_byte_by_byte()
    {
        foreach (var text in (string[])["first", "", "third"])
        {
            var read = _requests.MoveNextAsync(Test).AsTask();
            foreach (var part in Frame(text))
            {
                Assert.False(read.IsCompleted);
                await _pipe.Writer.WriteAsync((byte[])[part], Test);
            }

            Assert.True(await read);
            Assert.Equal(text, _requests.Current);
        }
    }

    [Fact]
    public async Task Many_requests_may_come_at_once_and_one_may_be_spread_over_buffers()
    {
        string[] texts = ["a", new string('b', 4990), "", "d"];
        await _pipe.Writer.WriteAsync(texts.SelectMany(Frame).ToArray(), Test);
        await _pipe.Writer.CompleteAsync();
        foreach (var text in texts)
        {
            Assert.True(await _requests.MoveNextAsync(Test));
            Assert.Equal(text, _requests.Current);
        }

        Assert.False(await _requests.MoveNextAsync(Test));
    }

    [Fact]
    public async Task An_end_within_a_request_is_an_error()
    {
        await _pipe.Writer.WriteAsync(Frame("whole").AsMemory()[..^1], Test);
        await _pipe.Writer.CompleteAsync();
        Assert.Equal(StatusCode.Internal, await FailureAsync());
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_refused_before_it_is_there()
    {
        await _pipe.Writer.WriteAsync(Frame(new string('x', 5001)).AsMemory()[..Wire.PrefixLength], Test);
        Assert.Equal(StatusCode.ResourceExhausted, await FailureAsync());
    }

    [Fact]
    public async Task A_request_that_is_compressed_in_no_named_way_is_an_error()
    {
        var frame = Frame("x");
        frame[0] = 1;
        await _pipe.Writer.WriteAsync(frame, Test);
        Assert.Equal(StatusCode.Internal, await FailureAsync());
    }

    [Fact]
    public async Task To_wait_for_a_request_ends_with_the_stream()
    {
        using var ending = new CancellationTokenSource();
        var read = _requests.MoveNextAsync(ending.Token).AsTask();
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    private async Task<StatusCode> FailureAsync() =>
        (await Assert.ThrowsAsync<RpcException>(() => _requests.MoveNextAsync(Test).AsTask())).StatusCode;

    private static byte[] Frame(string text)
    {
        var frame = new byte[Wire.PrefixLength + text.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), text.Length);
        Encoding.ASCII.GetBytes(text, frame.AsSpan(Wire.PrefixLength));
        return frame;
    }
}
