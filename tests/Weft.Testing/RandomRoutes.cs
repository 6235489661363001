using System.Collections.Immutable;
using System.Globalization;

namespace Weft.Testing;

/// <summary>
/// Random rules over a small alphabet, so that many conditions fit many requests and precedence has to decide. The
/// answer to a request names the rule in the header <see cref="RuleHeader"/>.
/// </summary>
public sealed class RandomRoutes(Random dice)
{
    /// <summary>A response header that holds the number of the rule that took the request.</summary>
    public const string RuleHeader = "x-rule";

    private static readonly string[] Paths =
    [
        "type: Exact, value: /a", "type: Exact, value: /a/b", "type: Exact, value: /b/7", "value: /", "value: /a", "value: /a/b",
        "value: /b", "type: RegularExpression, value: \"/a.*\"", "type: RegularExpression, value: \"/[ab]/[0-9]+\"",
        "type: RegularExpression, value: \"/.*b\"", "type: RegularExpression, value: \"/(a|b)/?\"",
    ];

    private static readonly string[] Values = ["name: NAME, value: \"1\"", "name: NAME, value: \"2\"", "name: NAME, type: RegularExpression, value: \"[12]\""];
    private static readonly string[] Targets = ["/", "/a", "/a/", "/a/b", "/a/b/c", "/ab", "/b", "/b/7", "/b/x", "/a/12", "/c", "/a/xb"];
    private static readonly string[] Queries = ["", "?q=1", "?q=2", "?q=3", "?q=1&r=2", "?q=2&q=1", "?r=1"];
    private static readonly string[] HeaderNames = ["x-h", "x-i"];
    private static readonly string[] Methods = ["GET", "POST", "PUT"];

    /// <summary>The rules of a route, each sending to <paramref name="backend"/>.</summary>
    public string Rules(string backend) => string.Concat(Enumerable.Range(0, dice.Next(1, 7)).Select(rule => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        - matches: [{{{string.Join(", ", Enumerable.Range(0, dice.Next(1, 3)).Select(_ => Match()))}}}]
          filters:
          - type: ResponseHeaderModifier
            responseHeaderModifier: {set: [{name: {{{RuleHeader}}}, value: "{{{rule}}}"}]}
          backendRefs: [{name: {{{backend}}}, port: 80}]

        """)));

    /// <summary>A request.</summary>
    public RoutingExchange Request()
    {
        var headers = HeaderNames.Where(_ => dice.Next(3) == 0).Select(name => (name, $"{dice.Next(1, 4)}")).ToImmutableArray();
        var (method, target) = (Any(Methods), Any(Targets) + Any(Queries));
        return new($"{method} {target} {string.Join(' ', headers)}", method, target, headers, "", []);
    }

    private string Match()
    {
        var parts = new List<string>();
        if (dice.Next(4) > 0)
        {
            parts.Add($"path: {{{Any(Paths)}}}");
        }

        if (dice.Next(4) == 0)
        {
            parts.Add($"method: {Any(Methods)}");
        }

        AddValues(parts, "headers", HeaderNames);
        AddValues(parts, "queryParams", "q", "r");
        return $"{{{string.Join(", ", parts)}}}";
    }

    private void AddValues(List<string> parts, string list, params IEnumerable<string> names)
    {
        var conditions = names.Where(_ => dice.Next(4) == 0)
            .Select(name => $"{{{Any(Values).Replace("NAME", name, StringComparison.Ordinal)}}}").ToList();
        if (conditions.Count > 0)
        {
            parts.Add($"{list}: [{string.Join(", ", conditions)}]");
        }
    }

    private string Any(string[] of) => of[dice.Next(of.Length)];
}
