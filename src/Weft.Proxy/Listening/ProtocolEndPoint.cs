using System.Net;

namespace Weft.Proxy.Listening;

/// <summary>A part of a listening address; Kestrel speaks one protocol per endpoint without TLS.</summary>
internal sealed class ProtocolEndPoint : EndPoint
{
    private readonly string _name;

    private ProtocolEndPoint(string name) => _name = name;

    public static ProtocolEndPoint Http1 { get; } = new("HTTP/1.1");

    public static ProtocolEndPoint Http2 { get; } = new("HTTP/2");

    /// <summary>Either within TLS.</summary>
    public static ProtocolEndPoint Secure { get; } = new("TLS");

    public override string ToString() => _name;
}
