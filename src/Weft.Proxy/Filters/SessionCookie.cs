using System.Net;
using Google.Protobuf;

namespace Weft.Proxy.Filters;

/// <summary>
/// The value of Envoy's session cookies: field 1 is the address, field 2 the second in which it ends.
/// </summary>
internal static class SessionCookie
{
    private const int Longest = 200;

    public static string Write(IPEndPoint address, DateTimeOffset? end)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteString(address.ToString());
            if (end is { } at)
            {
                output.WriteTag(2, WireFormat.WireType.Varint);
                output.WriteInt64(at.ToUnixTimeSeconds());
            }
        }

        return Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>Null where it is none, or is over. The caller may have written anything.</summary>
    /// <param name="ends">Whether the cookies of this name end.</param>
    public static IPEndPoint? Read(string value, bool ends, DateTimeOffset now)
    {
        if (value.Length > Longest || Decode(value) is not { } bytes)
        {
            return null;
        }

        var address = "";
        long end = 0;
        try
        {
            var input = new CodedInputStream(bytes);
            for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
            {
                switch (tag)
                {
                    case (1 << 3) | (uint)WireFormat.WireType.LengthDelimited:
                        address = input.ReadString();
                        break;
                    case (2 << 3) | (uint)WireFormat.WireType.Varint:
                        end = input.ReadInt64();
                        break;
                    default:
                        input.SkipLastField();
                        break;
                }
            }
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IOException)
        {
            return null;
        }

        return (!ends || end >= now.ToUnixTimeSeconds()) && IPEndPoint.TryParse(address, out var found) ? found : null;
    }

    /// <summary>The bytes of a text in Base64; null where it is none.</summary>
    public static byte[]? Decode(string value)
    {
        var bytes = new byte[value.Length];
        return Convert.TryFromBase64String(value, bytes, out var length) ? bytes[..length] : null;
    }
}
