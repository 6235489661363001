namespace Weft.Model;

/// <summary>Hosts of the Gateway API: literal, with <c>*</c> as the first label, or <c>*</c> for all.</summary>
internal static class HostPattern
{
    public const string Any = "*";

    /// <summary>The hosts that both are for, null where there are none.</summary>
    public static string? Intersect(string a, string b) => Covers(a, b) ? b : Covers(b, a) ? a : null;

    /// <summary>Whether every host of <paramref name="narrow"/> is one of <paramref name="wide"/>.</summary>
    public static bool Covers(string wide, string narrow) =>
        wide == Any || wide == narrow
        || (wide.StartsWith("*.", StringComparison.Ordinal)
            && narrow.Length > wide.Length - 1
            // "*.example.com matches both test.example.com and foo.test.example.com, but not example.com".
            && narrow.EndsWith(wide[1..], StringComparison.Ordinal));

    /// <summary>
    /// "The largest number of characters in a matching non-wildcard hostname; … characters in a matching hostname"
    /// (HTTPRouteSpec.hostnames): the greater is the narrower.
    /// </summary>
    public static (bool Literal, int Length) Width(string host) => (!host.StartsWith('*'), host.Length);
}
