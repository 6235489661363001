using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Weft.Xds.Serving;

namespace Weft.Xds.Frames;

/// <summary>Reads requests straight from the pipe of the call.</summary>
/// <param name="most">How many bytes a request may have; null for any number.</param>
/// <param name="read">Makes a request of a message's bytes.</param>
internal sealed class FrameRequests<TRequest>(PipeReader pipe, int? most, FrameRequests<TRequest>.Reading read) : IRequests<TRequest>
{
    public delegate TRequest Reading(ReadOnlySpan<byte> message);

    public TRequest Current { get; private set; } = default!;

    // The pump of a stream that lives for days reads thousands of times.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync(CancellationToken ending)
    {
        while (true)
        {
            var result = await pipe.ReadAsync(ending);
            if (result.IsCanceled)
            {
                throw new OperationCanceledException(ending);
            }

            if (TryTake(result.Buffer, out var end))
            {
                pipe.AdvanceTo(end);
                return true;
            }

            if (result.IsCompleted)
            {
                return result.Buffer.IsEmpty ? false : throw Bad("it ends within a message");
            }

            pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private bool TryTake(ReadOnlySequence<byte> buffer, out SequencePosition end)
    {
        end = default;
        Span<byte> prefix = stackalloc byte[Wire.PrefixLength];
        if (buffer.Length < prefix.Length)
        {
            return false;
        }

        buffer.Slice(0, prefix.Length).CopyTo(prefix);
        if (prefix[0] != 0)
        {
            // Without grpc-encoding "Compressed-Flag … must be set to 0" (gRPC over HTTP/2).
            throw Bad("it says that it is compressed, and not how");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > (uint)(most ?? int.MaxValue))
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"A request may have {most} bytes at the most."));
        }

        if (buffer.Length - prefix.Length < length)
        {
            return false;
        }

        var message = buffer.Slice(prefix.Length, length);
        Current = message.IsSingleSegment ? read(message.FirstSpan) : ReadCopied(message);
        end = message.End;
        return true;
    }

    private TRequest ReadCopied(ReadOnlySequence<byte> message)
    {
        var copy = ArrayPool<byte>.Shared.Rent((int)message.Length);
        try
        {
            message.CopyTo(copy);
            return read(copy.AsSpan(0, (int)message.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private static RpcException Bad(string why) =>
        new(new Status(StatusCode.Internal, $"The request cannot be read: {why}."));
}
