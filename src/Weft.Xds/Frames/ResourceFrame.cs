using Google.Protobuf;

namespace Weft.Xds.Frames;

/// <summary>
/// A resource as it stands in a response of either protocol: what goes before its body is encoded once and shared by
/// all streams, as the body is. Immutable.
/// </summary>
/// <remarks>
/// The field <c>resource</c> of a delta response's <c>Resource</c> and the field <c>resources</c> of a state-of-the-world
/// response have the same number and the same type, so the second is the end of the first.
/// </remarks>
internal sealed class ResourceFrame
{
    private const int Resources = 2;
    private const int ResourceVersion = 1;
    private const int ResourceName = 3;
    private const int ResourceAlias = 4;
    private const int AnyTypeUrl = 1;
    private const int AnyValue = 2;

    private readonly byte[] _head;
    private readonly int _any;
    private readonly ByteString _body;

    public ResourceFrame(XdsResource resource)
    {
        _body = resource.Body;
        var any = Wire.FieldSize(resource.TypeUrl) + Wire.FieldSize(_body.Length);
        var hasBody = resource.Kept is not null;
        var whole = Wire.FieldSize(resource.Version) + Wire.FieldSize(resource.Name) + (hasBody ? Wire.FieldSize(any) : 0);
        foreach (var alias in resource.Envelope.Aliases)
        {
            whole += Wire.FieldSize(alias);
        }

        DeltaSize = Wire.FieldSize(whole);
        SotwSize = Wire.FieldSize(any);
        _head = new byte[DeltaSize - _body.Length];
        _any = DeltaSize - SotwSize;
        var to = Wire.WriteHead(_head, Resources, whole);
        to = Wire.WriteText(to, ResourceVersion, resource.Version);
        to = Wire.WriteText(to, ResourceName, resource.Name);
        foreach (var alias in resource.Envelope.Aliases)
        {
            to = Wire.WriteText(to, ResourceAlias, alias);
        }

        if (!hasBody)
        {
            return;
        }

        to = Wire.WriteHead(to, Resources, any);
        to = Wire.WriteText(to, AnyTypeUrl, resource.TypeUrl);
        Wire.WriteHead(to, AnyValue, _body.Length);
    }

    /// <summary>How many bytes it takes in a <c>DeltaDiscoveryResponse</c>.</summary>
    public int DeltaSize { get; }

    /// <summary>How many bytes it takes in a <c>DiscoveryResponse</c>.</summary>
    public int SotwSize { get; }

    public ReadOnlySpan<byte> DeltaHead => _head;

    public ReadOnlySpan<byte> SotwHead => _head.AsSpan(_any);

    public ReadOnlySpan<byte> Body => _body.Span;
}
