using System.Net;
using Microsoft.Extensions.Options;

namespace Weft.Proxy.Citizen;

/// <summary>Finds all that is wrong with the options, before anything starts.</summary>
internal sealed class OptionsRules : IValidateOptions<WeftProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, WeftProxyOptions options)
    {
        var wrong = Wrong(options).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Wrong(WeftProxyOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Node))
        {
            yield return
                "Node is empty: say which Workload this application is, as NAME.NAMESPACE (Weft:Node, WEFT_NODE).";
        }

        if (options.ControlPlane is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            yield return $"ControlPlane is '{options.ControlPlane}': it must be such as http://127.0.0.1:18000"
                + " (Weft:ControlPlane, WEFT_XDS).";
        }

        if (options.CertificateFile is null != options.KeyFile is null)
        {
            yield return
                "CertificateFile and KeyFile belong together (Weft:CertificateFile, WEFT_CERTIFICATE_FILE;"
                + " Weft:KeyFile, WEFT_KEY_FILE).";
        }

        if (options is { ControlPlane: { IsAbsoluteUri: true, Scheme: "http" } plain })
        {
            if (options.CaFile is not null || options.CertificateFile is not null)
            {
                yield return $"ControlPlane is '{plain}', without TLS, which CaFile and CertificateFile are for: write https"
                    + " (Weft:ControlPlane, WEFT_XDS).";
            }
            else if (options.TokenFile is not null && !plain.IsLoopback)
            {
                yield return $"ControlPlane is '{plain}': a token sent there without TLS could be read by others; write https"
                    + " (Weft:ControlPlane, WEFT_XDS).";
            }
        }

        if (options.Admin is { } admin && !IPAddress.IsLoopback(admin.Address))
        {
            yield return
                $"Admin is {admin}: the pages are for this machine only, so it must be on loopback (Weft:Admin).";
        }

        foreach (var (setting, value) in
            new[] { ("ReadyTimeout", options.ReadyTimeout), ("DrainTimeout", options.DrainTimeout) })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
            {
                yield return $"{setting} is {value}: it must be more than nothing and at most a day (Weft:{setting}).";
            }
        }
    }
}
