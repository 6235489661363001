using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using Weft.Wasm.Sdk;

namespace Weft.Wasm.Tests.Sdk;

public sealed class TextTests
{
    [Theory]
    [InlineData("beta=1", "beta", "1")]
    [InlineData("a=0; beta=1;c=2", "beta", "1")]
    [InlineData("a=0;\tbeta = x y ;c=2", "beta ", " x y")]
    [InlineData("xbeta=0; beta=1", "beta", "1")]
    [InlineData("beta=1; beta=2", "beta", "1")]
    [InlineData("beta=a=b", "beta", "a=b")]
    [InlineData("beta=\"q\"", "beta", "\"q\"")]
    [InlineData("beta", "beta", "")]
    [InlineData(";; ;beta=", "beta", "")]
    [InlineData("Beta=1", "beta", null)]
    [InlineData("", "beta", null)]
    public void Cookies_are_found_by_name(string header, string name, string? value)
    {
        Assert.Equal(value is not null, new Cookies(Bytes.Of(header)).TryGet(Bytes.Of(name), out var found));
        Assert.Equal(value ?? "", Bytes.Text(found));
    }

    [Theory]
    [InlineData("/a?foo=bar", "foo", "bar")]
    [InlineData("/a?x=1&foo=bar&foo=2", "foo", "bar")]
    [InlineData("/a?fo%6f=b%61r#foo=2", "foo", "b%61r")]
    [InlineData("/a?f+o=1", "f o", "1")]
    [InlineData("/a?foo", "foo", "")]
    [InlineData("?&&foo=", "foo", "")]
    [InlineData("/a?q=a?b", "q", "a?b")]
    [InlineData("/a?Foo=1", "foo", null)]
    [InlineData("/a#?foo=1", "foo", null)]
    [InlineData("/foo=1", "foo", null)]
    public void Parameters_are_found_by_their_decoded_name(string path, string name, string? value)
    {
        Assert.Equal(value is not null, new Query(Bytes.Of(path)).TryGet(Bytes.Of(name), out var found));
        Assert.Equal(value ?? "", Bytes.Text(found));
    }

    [Fact]
    public void Decoding_undoes_encoding()
    {
        Gen.String.Where(t => !t.Any(char.IsSurrogate)).Sample(text =>
        {
            var encoded = Bytes.Of(Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal));
            var buffer = new byte[encoded.Length];
            Assert.True(Query.TryDecode(encoded, buffer, out var written));
            Assert.Equal(text, Bytes.Text(buffer.AsSpan(0, written)));
            Assert.True(Query.Means(encoded, Bytes.Of(text)));
            Assert.False(Query.Means(encoded, Bytes.Of(text + "x")));
            Assert.True(written == 0 || !Query.TryDecode(encoded, buffer.AsSpan(0, written - 1), out _));
        });
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%%41", "%A")]
    public void A_percent_sign_without_digits_stands_for_itself(string text, string meaning) =>
        Assert.True(Query.Means(Bytes.Of(text), Bytes.Of(meaning)));

    [Fact]
    public void Any_header_can_be_walked_to_its_end()
    {
        Bytes.OneOf(";", "=", "&", "?", "#", " ", "a", "%").Array[0, 30].Select(string.Concat).Sample(text =>
        {
            var cookies = 0;
            foreach (var cookie in new Cookies(Bytes.Of(text)))
            {
                Assert.DoesNotContain((byte)';', cookie.Value.ToArray());
                cookies++;
            }

            Assert.Equal(text.Split(';').Count(c => c.Trim(' ').Length > 0), cookies);
            var query = text.Split('#')[0];
            var at = query.IndexOf('?', StringComparison.Ordinal);
            var expected = at < 0 ? [] : query[(at + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries);
            var parameters = new List<string>();
            foreach (var parameter in new Query(Bytes.Of(text)))
            {
                parameters.Add(Bytes.Text(parameter.Name));
            }

            Assert.Equal(expected.Select(p => p.Split('=')[0]), parameters);
        });
    }

    [Fact]
    public void Globs_match_what_the_same_regular_expression_matches()
    {
        var pattern = Bytes.OneOf("*", "?", "a", "b", "\\*", "\\a").Array[0, 8].Select(string.Concat);
        var text = Bytes.OneOf("a", "b", "*").Array[0, 10].Select(string.Concat);
        Gen.Select(pattern, text).Sample(
            (p, t) =>
            {
                var same = Regex.Replace(p, @"\\?.", m => m.Value switch
                {
                    "*" => ".*",
                    "?" => ".",
                    var other => Regex.Escape(other.TrimStart('\\')),
                });
                Assert.Equal(Regex.IsMatch(t, $"\\A{same}\\z"), Glob.IsMatch(Bytes.Of(p), Bytes.Of(t)));
            },
            iter: 5_000);
        Assert.True(Glob.IsMatch("\\"u8, "\\"u8));
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0", 0L)]
    [InlineData("007", 7L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("-9223372036854775809", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData("+1", null)]
    [InlineData("1 ", null)]
    [InlineData("1a", null)]
    public void Whole_numbers_are_read(string text, long? value)
    {
        Assert.Equal(value is not null, Ascii.TryParseInt64(Bytes.Of(text), out var read));
        Assert.Equal(value ?? 0, read);
        Assert.Equal(value is >= int.MinValue and <= int.MaxValue, Ascii.TryParseInt32(Bytes.Of(text), out var small));
        Assert.Equal(value is >= int.MinValue and <= int.MaxValue ? value : 0, small);
    }

    [Fact]
    public void Numbers_near_the_bounds_are_read_as_the_framework_reads_them()
    {
        Gen.OneOf(Gen.Long.Select(l => $"{l}"), Gen.Long.Select(l => $"{l}0"), Gen.ULong.Select(l => $"{l}")).Sample(text =>
        {
            var theirs = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var expected);
            Assert.Equal(theirs, Ascii.TryParseInt64(Bytes.Of(text), out var read));
            Assert.Equal(expected, read);
        });
    }

    [Theory]
    [InlineData("Content-TYPE", "content-type", true)]
    [InlineData("a@", "A`", false)]
    [InlineData("[", "{", false)]
    [InlineData("a", "ab", false)]
    public void Case_is_ignored_for_letters_only(string a, string b, bool same) =>
        Assert.Equal(same, Ascii.EqualsIgnoreCase(Bytes.Of(a), Bytes.Of(b)));

    [Theory]
    [InlineData(" \t a b\r\n", "a b")]
    [InlineData("  ", "")]
    [InlineData("", "")]
    public void Spaces_around_are_left_out(string text, string trimmed) =>
        Assert.Equal(trimmed, Bytes.Text(Ascii.Trim(Bytes.Of(text))));
}
