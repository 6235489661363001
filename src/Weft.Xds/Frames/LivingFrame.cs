using Weft.Xds.Streams;

namespace Weft.Xds.Frames;

/// <summary>
/// A resource with its time to live, as it stands in a response: in delta within its <c>Resource</c>, in state of the
/// world within one that wraps it. What goes before its body is encoded for each response: few resources have a time to
/// live, and a wrapper has the version of the response.
/// </summary>
internal readonly struct LivingFrame
{
    private const int Resources = 2;
    private const int AnyTypeUrl = 1;
    private const int AnyValue = 2;
    private const int ResourceVersion = 1;
    private const int ResourceAny = 2;
    private const int ResourceName = 3;
    private const int ResourceAlias = 4;
    private const int ResourceTtl = 6;

    private readonly XdsResource _resource;
    private readonly string _version;
    private readonly bool _isWrapped;
    private readonly bool _hasBody;
    private readonly int _any;
    private readonly int _whole;
    private readonly int _outer;

    public LivingFrame(XdsResource resource, in Response response, bool isDelta)
    {
        (_resource, _isWrapped, _hasBody) = (resource, !isDelta, response.Lifetimes != Lifetimes.Renewed);
        _version = isDelta ? resource.Version : response.Version;
        _any = _hasBody ? Wire.FieldSize(resource.TypeUrl) + Wire.FieldSize(resource.Body.Length) : 0;
        _whole = Wire.FieldSize(_version) + Wire.FieldSize(resource.Name) + Wire.FieldSize(resource.Lifetime!.Bytes.Length)
            + (_hasBody ? Wire.FieldSize(_any) : 0);
        foreach (var alias in resource.Envelope.Aliases)
        {
            _whole += Wire.FieldSize(alias);
        }

        _outer = _isWrapped ? Wire.FieldSize(TypeUrl.Resource) + Wire.FieldSize(_whole) : _whole;
        Size = Wire.FieldSize(_outer);
    }

    /// <summary>Whether the resource is to be written so.</summary>
    public static bool Is(XdsResource resource, in Response response) =>
        response.Lifetimes != Lifetimes.Unsaid && resource.Lifetime is not null;

    /// <summary>How many bytes it takes.</summary>
    public int Size { get; }

    public ReadOnlySpan<byte> Body => _hasBody ? _resource.Body.Span : default;

    /// <summary>All that goes before the body.</summary>
    public byte[] Head()
    {
        var head = new byte[Size - Body.Length];
        var to = Wire.WriteHead(head, Resources, _outer);
        if (_isWrapped)
        {
            to = Wire.WriteHead(Wire.WriteText(to, AnyTypeUrl, TypeUrl.Resource), AnyValue, _whole);
        }

        to = Wire.WriteText(to, ResourceVersion, _version);
        to = Wire.WriteText(to, ResourceName, _resource.Name);
        foreach (var alias in _resource.Envelope.Aliases)
        {
            to = Wire.WriteText(to, ResourceAlias, alias);
        }

        to = Wire.WriteBytes(to, ResourceTtl, _resource.Lifetime!.Bytes);
        if (_hasBody)
        {
            to = Wire.WriteText(Wire.WriteHead(to, ResourceAny, _any), AnyTypeUrl, _resource.TypeUrl);
            Wire.WriteHead(to, AnyValue, _resource.Body.Length);
        }

        return head;
    }
}
