using Weft.Xds.Streams;

namespace Weft.Xds.Frames;

/// <summary>
/// Writes responses as protobuf would, but from the bytes that the resources have ready: no message is made, and nothing
/// is encoded again for each stream but a few short texts.
/// </summary>
internal sealed class ResponseFormat
{
    // The fields that the two messages have in common (discovery.proto).
    private const int Version = 1;
    private const int Type = 4;
    private const int Nonce = 5;
    private const int Removed = 6;

    private readonly bool _isDelta;
    private readonly byte[] _controlPlane;

    private ResponseFormat(bool isDelta, string identifier)
    {
        _isDelta = isDelta;
        var length = Wire.FieldSize(identifier);
        _controlPlane = new byte[Wire.FieldSize(length)];
        Wire.WriteText(Wire.WriteHead(_controlPlane, isDelta ? 7 : 6, length), 1, identifier);
    }

    /// <summary>As a <c>DiscoveryResponse</c>.</summary>
    public static ResponseFormat Sotw(string identifier) => new(false, identifier);

    /// <summary>As a <c>DeltaDiscoveryResponse</c>.</summary>
    public static ResponseFormat Delta(string identifier) => new(true, identifier);

    /// <summary>How many bytes the message takes.</summary>
    public int SizeOf(in Response response)
    {
        var size = Wire.FieldSize(response.Version) + Wire.FieldSize(response.TypeUrl) + Wire.NumberSize(response.Number)
            + _controlPlane.Length;
        foreach (var resource in response.Resources)
        {
            size += SizeOf(response, resource);
        }

        foreach (var name in response.Removed)
        {
            size += Wire.FieldSize(name);
        }

        foreach (var error in response.Errors)
        {
            size += ErrorFrame.SizeOf(error);
        }

        return size;
    }

    /// <summary>All of the message but its resources.</summary>
    public void WriteRest(in Response response, ref BlockWriter to)
    {
        Wire.WriteText(ref to, Version, response.Version);
        Wire.WriteText(ref to, Type, response.TypeUrl);
        Wire.WriteNumber(ref to, Nonce, response.Number);
        to.Write(_controlPlane);
        foreach (var name in response.Removed)
        {
            Wire.WriteText(ref to, Removed, name);
        }

        foreach (var error in response.Errors)
        {
            to.Write(ErrorFrame.Of(error, _isDelta ? ErrorFrame.DeltaField : ErrorFrame.SotwField));
        }
    }

    /// <summary>How many bytes a resource takes.</summary>
    public int SizeOf(in Response response, XdsResource resource) =>
        LivingFrame.Is(resource, response) ? new LivingFrame(resource, response, _isDelta).Size
        : _isDelta ? resource.Frame.DeltaSize
        : resource.Frame.SotwSize;

    /// <summary>Writes a resource from its byte <paramref name="at"/> on.</summary>
    /// <param name="most">How many bytes to write at the most.</param>
    /// <returns>How many it wrote.</returns>
    public int WriteResource(in Response response, XdsResource resource, int at, int most, ref BlockWriter to)
    {
        if (LivingFrame.Is(resource, response))
        {
            var frame = new LivingFrame(resource, response, _isDelta);
            return Write(frame.Head(), frame.Body, at, most, ref to);
        }

        return Write(_isDelta ? resource.Frame.DeltaHead : resource.Frame.SotwHead, resource.Frame.Body, at, most, ref to);
    }

    private static int Write(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, int at, int most, ref BlockWriter to)
    {
        var part = at < head.Length ? head[at..] : body[(at - head.Length)..];
        part = part[..Math.Min(part.Length, most)];
        to.Write(part);
        if (at >= head.Length || part.Length == most)
        {
            return part.Length;
        }

        body = body[..Math.Min(body.Length, most - part.Length)];
        to.Write(body);
        return part.Length + body.Length;
    }
}
