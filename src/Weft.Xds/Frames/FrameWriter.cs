using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Weft.Xds.Serving;
using Weft.Xds.Streams;

namespace Weft.Xds.Frames;

/// <summary>Writes responses straight into the pipe of the call's answer.</summary>
internal sealed class FrameWriter(ResponseFormat format, HttpContext call) : ResponseWriter
{
    // What one stream may have in buffers of its own, a frame of HTTP/2: the rest of a large response stays in the bytes
    // that all share until the client has taken this much.
    internal const int MostBuffered = 16 * 1024;

    private readonly PipeWriter _pipe = call.Response.BodyWriter;
    private ValueTask<FlushResult> _flushed;
    private Task? _large;

    public override bool IsWritten => _large?.IsCompleted ?? _flushed.IsCompleted;

    public override void Begin(ArraySegment<Response> responses, CancellationToken cut)
    {
        long size = 0;
        foreach (var response in responses)
        {
            size += format.SizeOf(response);
        }

        if (size > MostBuffered)
        {
            _large = WriteInPartsAsync(responses, cut);
            return;
        }

        var to = new BlockWriter(_pipe);
        foreach (var response in responses)
        {
            Wire.WritePrefix(ref to, format.SizeOf(response));
            foreach (var resource in response.Resources)
            {
                format.WriteResource(response, resource, 0, int.MaxValue, ref to);
            }

            format.WriteRest(response, ref to);
        }

        to.Done();
        // Nobody waits for it, so that its end wakes nobody.
#pragma warning disable CA2012 // Awaited once, in WrittenAsync.
        _flushed = _pipe.FlushAsync(cut);
#pragma warning restore CA2012
    }

    public override async ValueTask WrittenAsync()
    {
        try
        {
            if (_large is { } large)
            {
                await large;
            }
            else
            {
                await _flushed;
            }
        }
        catch (OperationCanceledException)
        {
            // Part of a message is no message, and HTTP/2 would wait for the client to take it.
            call.Abort();
            throw;
        }
        finally
        {
            (_large, _flushed) = (null, default);
        }
    }

    private async Task WriteInPartsAsync(ArraySegment<Response> responses, CancellationToken cut)
    {
        foreach (var response in responses)
        {
            var at = default(Place);
            while (WritePart(response, ref at))
            {
                await _pipe.FlushAsync(cut);
            }
        }

        await _pipe.FlushAsync(cut);
    }

    // Writes as much as may be buffered; false once that was the end of the response.
    private bool WritePart(in Response response, ref Place at)
    {
        var to = new BlockWriter(_pipe);
        if (at == default)
        {
            Wire.WritePrefix(ref to, format.SizeOf(response));
        }

        var left = MostBuffered;
        while (at.Resource < response.Resources.Length && left > 0)
        {
            var resource = response.Resources[at.Resource];
            var part = format.WriteResource(response, resource, at.Byte, left, ref to);
            left -= part;
            at = at.Byte + part == format.SizeOf(response, resource) ? new(at.Resource + 1, 0) : new(at.Resource, at.Byte + part);
        }

        var isEnd = at.Resource == response.Resources.Length;
        if (isEnd)
        {
            format.WriteRest(response, ref to);
        }

        to.Done();
        return !isEnd;
    }

    private readonly record struct Place(int Resource, int Byte);
}
