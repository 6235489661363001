using System.Net;

namespace Weft.Proxy;

/// <summary>
/// What an application in a mesh is told at its start; everything else comes from the control plane. What the program
/// sets here is replaced by what the configuration section <c>Weft</c> says (<c>Weft:Node</c> and so on), and that by
/// the environment: <c>WEFT_NODE</c> and <c>WEFT_XDS</c>. So one program can run as several workloads.
/// </summary>
public sealed class WeftProxyOptions
{
    /// <summary>The configuration section that the options are read from.</summary>
    public const string Section = "Weft";

    /// <summary>
    /// The workload that this application is, <c>WORKLOAD.NAMESPACE</c>; without a dot, the namespace is
    /// <c>default</c>. Required. Also <c>Weft:Node</c> and <c>WEFT_NODE</c>.
    /// </summary>
    public string Node { get; set; } = "";

    /// <summary>
    /// The control plane's xDS listener. Also <c>Weft:ControlPlane</c> and <c>WEFT_XDS</c>, which may be written as
    /// <c>HOST:PORT</c>, too.
    /// </summary>
    public Uri ControlPlane { get; set; } = new("http://127.0.0.1:18000");

    /// <summary>
    /// PEM: the authorities that the control plane's certificate must be of, for an address with <c>https</c>; null, the
    /// default, for those of the machine. Also <c>Weft:CaFile</c> and <c>WEFT_CA_FILE</c>.
    /// </summary>
    public string? CaFile { get; set; }

    /// <summary>
    /// PEM: the certificate that the application shows to the control plane. Also <c>Weft:CertificateFile</c> and
    /// <c>WEFT_CERTIFICATE_FILE</c>.
    /// </summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM: its private key. Also <c>Weft:KeyFile</c> and <c>WEFT_KEY_FILE</c>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>
    /// A file with the token that the application sends to the control plane. Also <c>Weft:TokenFile</c> and
    /// <c>WEFT_TOKEN_FILE</c>.
    /// </summary>
    public string? TokenFile { get; set; }

    /// <summary>
    /// Where the pages <c>/ready</c>, <c>/stats/prometheus</c>, <c>/config_dump</c> and <c>/clusters</c> are served: a
    /// loopback address, port 0 for any; null, the default, for nowhere. Also <c>Weft:Admin</c>.
    /// </summary>
    public IPEndPoint? Admin { get; set; }

    /// <summary>
    /// The name of the listener that takes the application's own requests: <c>outbound</c>, unless you configure the
    /// proxy by raw resources. Also <c>Weft:OutboundListener</c>.
    /// </summary>
    public string OutboundListener { get; set; } = "outbound";

    /// <summary>
    /// How long a request waits for the first configuration before it fails; 5 seconds. Also <c>Weft:ReadyTimeout</c>,
    /// such as <c>00:00:10</c>.
    /// </summary>
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long requests in flight are waited for, first those of peers and at the end those of the application; 10
    /// seconds each. The host's own <c>ShutdownTimeout</c> holds besides. Also <c>Weft:DrainTimeout</c>.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
