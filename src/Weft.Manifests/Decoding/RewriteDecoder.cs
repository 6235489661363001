using System.Globalization;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads the settings of <c>RequestRedirect</c> and <c>URLRewrite</c>.</summary>
internal static class RewriteDecoder
{
    // "Found" (HTTPRequestRedirectFilter.statusCode).
    private const int DefaultStatus = 302;

    public static Redirect Redirect(FieldReader settings)
    {
        var scheme = settings.OneOf("scheme", null, "http", "https");
        var host = settings.Subdomain("hostname");
        var path = Path(settings);
        var port = settings.Port("port");
        var status = settings.Number("statusCode");
        if (status is { } code && code.Value is not (301 or 302 or 303 or 307 or 308))
        {
            settings.Findings.Error(
                "WEFT1109", code.Where,
                string.Create(CultureInfo.InvariantCulture, $"{settings.PathOf("statusCode")} is {code.Value}; it must be 301, 302, 303, 307 or 308."));
        }

        settings.Close();
        return new(scheme, host, path, port, status?.Value ?? DefaultStatus);
    }

    public static UrlRewrite Rewrite(FieldReader settings)
    {
        var rewrite = new UrlRewrite(settings.Subdomain("hostname"), Path(settings));
        settings.Close();
        return rewrite;
    }

    private static PathModifier? Path(FieldReader settings)
    {
        if (settings.Map("path") is not { } path)
        {
            return null;
        }

        if (path.Find("type") is null)
        {
            path.Missing("type", "write ReplaceFullPath or ReplacePrefixMatch");
        }

        var isPrefix = path.OneOf("type", null, "ReplaceFullPath", "ReplacePrefixMatch") == "ReplacePrefixMatch";
        var field = isPrefix ? "replacePrefixMatch" : "replaceFullPath";
        if (path.Find(field) is null)
        {
            path.Missing(field);
        }

        var value = path.Text(field);
        if (value is not null && value.Text.Length > 0 && !Syntax.IsPath(value.Text))
        {
            path.Findings.Error(
                "WEFT1106", value.Where, $"{path.PathOf(field)}: {Excerpt.Of(value.Text)} is no path.",
                "start it with /, without //, /./, /../, %2f, ? and #");
        }

        path.Close();
        return new(isPrefix, value?.Text ?? "");
    }
}
