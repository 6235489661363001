namespace Weft.Xds.Frames;

/// <summary>
/// An error as it stands in a response. The generated API is older than the field: <c>ResourceError</c> is
/// <c>{ResourceName resource_name = 1; google.rpc.Status error_detail = 2}</c> (discovery.proto).
/// </summary>
internal static class ErrorFrame
{
    /// <summary>The number of <c>resource_errors</c> in a <c>DiscoveryResponse</c>.</summary>
    public const int SotwField = 7;

    /// <summary>The number of <c>resource_errors</c> in a <c>DeltaDiscoveryResponse</c>.</summary>
    public const int DeltaField = 9;

    private const int ErrorName = 1;
    private const int ErrorDetail = 2;
    private const int NameName = 1;
    private const int StatusMessage = 2;

    // The field "code", an int32, and its value: gRPC's codes are below 17.
    private const byte StatusCodeTag = 1 << 3;
    private const int StatusCodeSize = 2;

    /// <summary>How many bytes it takes.</summary>
    public static int SizeOf(ResourceError error) => Wire.FieldSize(ContentOf(error));

    public static byte[] Of(ResourceError error, int field)
    {
        var bytes = new byte[SizeOf(error)];
        var to = Wire.WriteHead(bytes, field, ContentOf(error));
        to = Wire.WriteText(Wire.WriteHead(to, ErrorName, Wire.FieldSize(error.Name)), NameName, error.Name);
        to = Wire.WriteHead(to, ErrorDetail, StatusOf(error));
        (to[0], to[1]) = (StatusCodeTag, (byte)error.Code);
        Wire.WriteText(to[StatusCodeSize..], StatusMessage, error.Message);
        return bytes;
    }

    private static int ContentOf(ResourceError error) =>
        Wire.FieldSize(Wire.FieldSize(error.Name)) + Wire.FieldSize(StatusOf(error));

    private static int StatusOf(ResourceError error) => StatusCodeSize + Wire.FieldSize(error.Message);
}
