using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Weft.Xds.Serving;

/// <summary>
/// Requests that are compressed, read up to a size: the limit on messages is one on the bytes that come in, and a few of
/// these can stand for gigabytes.
/// </summary>
internal sealed class BoundedDecompression(string encoding, int mostBytes) : ICompressionProvider
{
    public string EncodingName => encoding;

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel)
    {
        var level = compressionLevel ?? CompressionLevel.Fastest;
        return encoding == "gzip"
            ? new GZipStream(stream, level, leaveOpen: true)
            : new ZLibStream(stream, level, leaveOpen: true);
    }

    public Stream CreateDecompressionStream(Stream stream) => new Bounded(
        encoding == "gzip"
            ? new GZipStream(stream, CompressionMode.Decompress)
            : new ZLibStream(stream, CompressionMode.Decompress),
        mostBytes);

    private sealed class Bounded(Stream inner, long left) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int read;
            try
            {
                read = inner.Read(buffer);
            }
            catch (InvalidDataException e)
            {
                throw new RpcException(new Status(
                    StatusCode.InvalidArgument, $"The request is not compressed as it says: {e.Message}"));
            }

            left -= read;
            return left >= 0 ? read : throw new RpcException(new Status(
                StatusCode.ResourceExhausted, "The request is larger, once decompressed, than a request may be."));
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
