using Weft.Proxy.Routing;

namespace Weft.Tests.Proxy;

/// <summary>Patterns mean what they mean to RE2, also where .NET reads them otherwise.</summary>
public sealed class Re2Tests
{
    [Theory]
    [InlineData("/a/.*", "/a/b?", true)]
    [InlineData("/a", "/ab", false)]
    [InlineData("a|b", "b", true)]
    [InlineData("a|bc", "ac", false)]
    [InlineData("a$", "a", true)]
    [InlineData("a$", "a\n", false)]
    [InlineData(@"\d+", "12", true)]
    [InlineData(@"\d", "\u0663", false)]
    [InlineData(@"\w+", "a_9", true)]
    [InlineData(@"\w", "\u00e9", false)]
    [InlineData(@"[^\w]", "\u00e9", true)]
    [InlineData(@"[\D]", "x", true)]
    [InlineData(@"[\D]", "4", false)]
    [InlineData(@"\s", "\u00a0", false)]
    [InlineData("[[:alpha:]]+", "abZ", true)]
    [InlineData("[[:alpha:]]+", ":]", false)]
    [InlineData("[[:^alpha:]]", "1", true)]
    [InlineData("[a-z-[b]]", "b]", true)]
    [InlineData("[]a]", "]", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData(@"[\w.-]+", "a.b-c", true)]
    [InlineData(@"\Qa.b\E", "a.b", true)]
    [InlineData(@"\Qa.b\E", "axb", false)]
    [InlineData(@"\x41\x{42}", "AB", true)]
    [InlineData("(?i)abc", "aBC", true)]
    [InlineData("(?P<x>a)(?:b)(?<y>c)", "abc", true)]
    [InlineData("a{2,3}", "aaa", true)]
    [InlineData("a{,3}", "a{,3}", true)]
    [InlineData("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "01234567-89ab-cdef-0123-456789abcdef", true)]
    [InlineData(@"\pL+", "abc", true)]
    [InlineData(@"\p{^Lu}", "a", true)]
    [InlineData("a.c", "a c", true)]
    [InlineData("", "", true)]
    public void A_whole_text_fits_or_not(string pattern, string text, bool fits)
    {
        var regex = Re2.Whole(pattern, out var error);
        Assert.Null(error);
        Assert.Equal(fits, regex!.IsMatch(text));
    }

    [Theory]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?=a)")]
    [InlineData(@"(?<!a)b")]
    [InlineData(@"(?>a)")]
    [InlineData(@"a{1001}")]
    [InlineData(@"((a{100}){100}){100}")]
    [InlineData(@"[a")]
    [InlineData(@"(a")]
    [InlineData(@"a)")]
    [InlineData(@"\")]
    [InlineData(@"(?")]
    [InlineData(@"[[:nothing:]]")]
    public void A_pattern_that_RE2_does_not_know_or_that_is_too_large_is_refused(string pattern)
    {
        Assert.Null(Re2.Whole(pattern, out var error));
        Assert.NotNull(error);
    }

    [Fact]
    public void No_pattern_breaks_the_translation()
    {
        const string Letters = @"a\[](){}^$.*+?|-:,1dQEpPx<>!=#iP";
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var pattern = new string(random.GetItems<char>(Letters, random.Next(1, 12)));
            var regex = Re2.Whole(pattern, out var error);
            Assert.Equal(regex is null, error is not null);
        }
    }

    [Fact]
    public void A_pattern_that_would_take_other_engines_for_ever_takes_linear_time()
    {
        var regex = Re2.Whole("(a|aa|a*)*b", out _)!;
        Assert.DoesNotMatch(regex, new string('a', 30_000));
    }

    [Theory]
    [InlineData("a*", "x", "/rr/baac", "x/xrxrx/xbxcx")]
    [InlineData("^/service/([^/]+)(/.*)$", @"\2/instance/\1", "/service/foo/v1/api", "/v1/api/instance/foo")]
    [InlineData("(?P<n>b)(c)", @"\1-\2-\0\\", "/abcd", @"/ab-c-bc\d")]
    public void A_rewrite_is_that_of_Envoy(string pattern, string substitution, string path, string expected)
    {
        var regex = Re2.Part(pattern, out _)!;
        var rewrite = new PathRewrite.Pattern(
            regex, Substitution.Parse(substitution, regex.GetGroupNumbers().Length - 1)!);
        var request = RequestFacts.Of("GET", "host", path + "?aa=1", new Microsoft.AspNetCore.Http.HeaderDictionary());
        var changed = rewrite.Apply(request, new(PathKind.Prefix, "/", StringComparison.Ordinal));
        Assert.Equal((expected.StartsWith('/') ? expected : "/" + expected) + "?aa=1", changed);
    }
}
