using Weft.Xds;

namespace Weft.Tests.Xds.Conformance;

/// <summary>The short names of types that the tests speak in.</summary>
internal static class ShortType
{
    /// <summary>A type that no client of the tests wants but to see where the stream is.</summary>
    public const string Mark = "mark";

    private static readonly Dictionary<string, string> Urls = new[]
    {
        TypeUrl.Cluster, TypeUrl.Endpoints, TypeUrl.Listener, TypeUrl.Route, TypeUrl.ScopedRoute, TypeUrl.Secret, TypeUrl.VirtualHost,
        TypeUrl.Runtime, TypeUrl.ExtensionConfig, Mark,
    }.ToDictionary(TypeUrl.ShortName);

    /// <summary>The URL of <c>cds</c>, <c>eds</c> and so on; any other word is its own.</summary>
    public static string Url(string type) => Urls.GetValueOrDefault(type, type);

    public static string Of(string url) => TypeUrl.ShortName(url);
}
