using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Weft.Proxy.Routing;

/// <summary>A change of the path; the query stays.</summary>
internal abstract record PathRewrite
{
    private PathRewrite()
    {
    }

    /// <summary>The new path with the query.</summary>
    public string Apply(in RequestFacts request, PathMatch match)
    {
        var target = Change(request, match);
        // Envoy sends what it is told; a path that does not begin with a slash is no request that HTTP knows.
        return target.StartsWith('/') ? target : $"/{target}";
    }

    protected abstract string Change(in RequestFacts request, PathMatch match);

    /// <summary>The matched prefix becomes another; where the whole path matched, the whole path does.</summary>
    internal sealed record Prefix(string Text) : PathRewrite
    {
        protected override string Change(in RequestFacts request, PathMatch match) =>
            string.Concat(Text, request.Target.AsSpan(match.MatchedLength(request.Path)));
    }

    /// <summary>Every occurrence of a pattern becomes a text with parts of what was found.</summary>
    internal sealed record Pattern(Regex Regex, Substitution Substitution) : PathRewrite
    {
        protected override string Change(in RequestFacts request, PathMatch match)
        {
            var end = -1;
            var path = Regex.Replace(request.Path.ToString(), found =>
            {
                // RE2 finds nothing empty right where it last found something; .NET does.
                var again = found.Length == 0 && found.Index == end;
                end = found.Index + found.Length;
                return again ? "" : Substitution.Of(found);
            });
            return string.Concat(path, request.Target.AsSpan(request.PathLength));
        }
    }
}

/// <summary>
/// The text that RE2 puts in place of a match: <c>\1</c> stands for the first group, <c>\0</c> for all.
/// </summary>
/// <param name="Parts">Literal texts, and numbers of groups where the text is null.</param>
internal sealed record Substitution(ImmutableArray<(string? Text, int Group)> Parts)
{
    /// <summary>Null where <paramref name="text"/> is none for a pattern of so many groups.</summary>
    public static Substitution? Parse(string text, int groups)
    {
        var parts = ImmutableArray.CreateBuilder<(string?, int)>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                literal.Append(text[i]);
            }
            else if (++i < text.Length && text[i] == '\\')
            {
                literal.Append('\\');
            }
            else if (i < text.Length && char.IsAsciiDigit(text[i]) && text[i] - '0' <= groups)
            {
                parts.Add((literal.ToString(), 0));
                parts.Add((null, text[i] - '0'));
                literal.Clear();
            }
            else
            {
                return null;
            }
        }

        parts.Add((literal.ToString(), 0));
        return new(parts.ToImmutable());
    }

    public string Of(Match match)
    {
        var text = new StringBuilder();
        foreach (var (literal, group) in Parts)
        {
            text.Append(literal ?? match.Groups[group].Value);
        }

        return text.ToString();
    }
}
