using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace Weft.Proxy.Citizen;

/// <summary>Reads the options from an application's configuration, which holds the environment as well.</summary>
internal static class OptionsReading
{
    /// <exception cref="FormatException">A value is not of its kind.</exception>
    public static void Read(WeftProxyOptions options, IConfiguration configuration)
    {
        var section = configuration.GetSection(WeftProxyOptions.Section);
        options.Node = configuration["WEFT_NODE"] ?? section["Node"] ?? options.Node;
        options.ControlPlane = Read<Uri>(configuration.GetSection("WEFT_XDS"), TryServer)
            ?? Read<Uri>(section.GetSection("ControlPlane"), TryServer) ?? options.ControlPlane;
        options.CaFile = configuration["WEFT_CA_FILE"] ?? section["CaFile"] ?? options.CaFile;
        options.CertificateFile =
            configuration["WEFT_CERTIFICATE_FILE"] ?? section["CertificateFile"] ?? options.CertificateFile;
        options.KeyFile = configuration["WEFT_KEY_FILE"] ?? section["KeyFile"] ?? options.KeyFile;
        options.TokenFile = configuration["WEFT_TOKEN_FILE"] ?? section["TokenFile"] ?? options.TokenFile;
        options.Admin = Read<IPEndPoint>(section.GetSection("Admin"), IPEndPoint.TryParse) ?? options.Admin;
        options.OutboundListener = section["OutboundListener"] ?? options.OutboundListener;
        options.ReadyTimeout = Duration(section.GetSection("ReadyTimeout"), options.ReadyTimeout);
        options.DrainTimeout = Duration(section.GetSection("DrainTimeout"), options.DrainTimeout);
    }

    private delegate bool Parse<T>(string text, out T? value);

    private static T? Read<T>(IConfigurationSection told, Parse<T> parse) where T : class => told.Value switch
    {
        null => null,
        { } text when parse(text, out var value) => value,
        { } text => throw Wrong(told, text),
    };

    private static TimeSpan Duration(IConfigurationSection told, TimeSpan otherwise) => told.Value switch
    {
        null => otherwise,
        { } text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) => value,
        { } text => throw Wrong(told, text),
    };

    private static bool TryServer(string text, out Uri? server) =>
        Uri.TryCreate(
            text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out server);

    private static FormatException Wrong(IConfigurationSection told, string text) => new(
        $"{told.Path} is '{text}'. Write an address as http://127.0.0.1:18000 or 127.0.0.1:18000, a time as 00:00:05.");
}
