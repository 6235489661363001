using System.Globalization;

namespace Bookshop;

/// <summary>What <c>weft up</c> tells a program about its place in the mesh.</summary>
/// <param name="Port">PORT: where the service listens, on 127.0.0.1; null for the shopper, which does not.</param>
/// <param name="Outbound">WEFT_OUTBOUND: the proxy that takes its calls; Host says which service is meant.</param>
/// <param name="Version">VERSION: only named in its answers.</param>
internal sealed record BookshopSettings(int? Port, Uri? Outbound, string Version)
{
    public static BookshopSettings FromEnvironment()
    {
        var port = Environment.GetEnvironmentVariable("PORT");
        var outbound = Environment.GetEnvironmentVariable("WEFT_OUTBOUND");
        return new(
            int.TryParse(port, CultureInfo.InvariantCulture, out var number) ? number : null,
            string.IsNullOrEmpty(outbound) ? null : new Uri(outbound),
            Environment.GetEnvironmentVariable("VERSION") ?? "v1");
    }
}
