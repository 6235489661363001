using System.Text;

namespace Weft.Wasm.Host;

/// <summary>The headers that Envoy keeps in a field each instead of in its list: they stand once.</summary>
internal static class SingleHeaders
{
    private static readonly byte[][][] ByLength = Group(
        ":authority", ":method", ":path", ":scheme", ":status", ":protocol", "connection", "content-length",
        "content-type", "date", "expect", "grpc-message", "grpc-status", "grpc-timeout", "keep-alive",
        "proxy-connection", "proxy-status", "server", "te", "transfer-encoding", "upgrade", "user-agent", "via",
        "x-client-trace-id", "x-forwarded-client-cert", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port",
        "x-forwarded-proto", "x-request-id");

    /// <summary>The name under which a header is kept: <c>host</c> of HTTP/1.1 is <c>:authority</c>.</summary>
    public static ReadOnlySpan<byte> Canonical(ReadOnlySpan<byte> name) =>
        name.Length == 4 && Ascii.EqualsIgnoreCase(name, "host"u8) ? ":authority"u8 : name;

    public static bool IsSingle(ReadOnlySpan<byte> name)
    {
        if (name.Length >= ByLength.Length)
        {
            return false;
        }

        foreach (var single in ByLength[name.Length])
        {
            if (Ascii.EqualsIgnoreCase(name, single))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[][][] Group(params string[] names)
    {
        var groups = new byte[names.Max(n => n.Length) + 1][][];
        for (var length = 0; length < groups.Length; length++)
        {
            groups[length] = [.. names.Where(n => n.Length == length).Select(Encoding.ASCII.GetBytes)];
        }

        return groups;
    }
}
