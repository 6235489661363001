using System.Text;
using Weft.Wasm.Regexes;

namespace Weft.Wasm.Tests.Regexes;

public sealed class RegexTableTests
{
    [Theory]
    [InlineData("", "", "a")]
    [InlineData("abc", "abc", "ab|abcd|xabc")]
    [InlineData("a|b|", "a|b|", "c|ab")]
    [InlineData("a*?b+?", "b|aab|abb", "a|ba")]
    [InlineData("a{2}", "aa", "a|aaa")]
    [InlineData("a{2,}", "aa|aaaa", "a")]
    [InlineData("a{0,2}", "a|aa", "aaa")]
    [InlineData("a{,2}", "a{,2}", "a")]
    [InlineData("x{", "x{", "x")]
    [InlineData("[a-c-]", "a|b|-", "d")]
    [InlineData("[]a]", "]|a", "b")]
    [InlineData("[^]a]", "b", "]|a")]
    [InlineData("[\\]\\-\\d]", "]|-|7", "\\")]
    [InlineData("[[:alpha:][:^alnum:]]", "q|-", "7")]
    [InlineData("\\Qa.b\\E+", "a.b|a.bbb", "axb|a.ba.b")]
    [InlineData("\\Qa\\E\\Qbc\\E", "abc", "ab")]
    [InlineData("\\x41\\x{42}\\103\\.", "ABC.", "ABCx")]
    [InlineData("(?i)Gold[x-z]", "goldx|GOLDZ", "gold|goldw")]
    [InlineData("(?i:A)b", "ab|Ab", "aB")]
    [InlineData("a(?i)b|c", "aB|C", "Ab")]
    [InlineData("(?i)[^a]", "b", "a|A")]
    [InlineData("(?i)k\u00e4", "k\u00e4|K\u00c4|\u212a\u00e4", "g\u00e4")]
    [InlineData("(?P<n>a)(?<m>b)(?:c)", "abc", "ab")]
    [InlineData(".", "a|\u20ac|\U0001f600", "\n|ab")]
    [InlineData("(?s).", "\n", "")]
    [InlineData("[\u00e4-\U0001f600]", "\u00e4|\u20ac|\U0001f600", "a|\u00e3|\U0001f601")]
    [InlineData("^a$", "a", "ba|ab")]
    [InlineData("a^b", null, "ab|a\nb")]
    [InlineData("(?m)a$\n^b", "a\nb", "ab")]
    [InlineData("\\bfoo\\b.*", "foo|foo bar", "foobar")]
    [InlineData("foo\\B.", "foob", "foo ")]
    [InlineData("(a|(?m:$)*)+", "a|aaa", "b")]
    [InlineData("(a|\\b)*", "a|aa", "b|-")]
    [InlineData("(^a|b)+", "a|ab|bb", "ba|aa")]
    [InlineData("(a$|b)+", "ba|b|a", "ab")]
    [InlineData("(?m)(^a+\n?$?)+", "aa\na|a\naa\n", "a\n\na")]
    [InlineData("(\\Ba|b\\b| )*", "b b | ", "a|ab")]
    [InlineData("v[0-9]+(\\.[0-9]+){1,2}", "v1.2|v10.20.3", "v1|v1.2.3.4")]
    public void A_pattern_matches_whole_texts(string pattern, string? matching, string others)
    {
        var table = Compiled(pattern);
        foreach (var text in matching?.Split('|') ?? [])
        {
            Assert.True(table.IsMatch(Encoding.UTF8.GetBytes(text)), text);
        }

        foreach (var text in others.Split('|').Where(t => t.Length > 0))
        {
            Assert.False(table.IsMatch(Encoding.UTF8.GetBytes(text)), text);
        }
    }

    [Theory]
    [InlineData("b+", "abc", true)]
    [InlineData("^b", "abc", false)]
    [InlineData("c$", "abc", true)]
    [InlineData("\\bfoo\\b", "a foo b", true)]
    [InlineData("\\bfoo\\b", "afoo b", false)]
    [InlineData("", "anything", true)]
    public void A_pattern_is_found_within_a_text(string pattern, string text, bool found)
    {
        Assert.True(RegexTable.TryCompile(pattern, RegexExtent.Part, out var table, out _));
        Assert.Equal(found, table.IsMatch(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(found, table.IsMatch([0xff, .. Encoding.UTF8.GetBytes(" " + text), 0xff]) || pattern is "c$");
    }

    [Fact]
    public void What_is_no_UTF8_is_no_character()
    {
        var any = Compiled("(?s).*");
        Assert.False(any.IsMatch([0xff]));
        Assert.False(any.IsMatch([0xc0, 0x80]));
        Assert.False(any.IsMatch([0xed, 0xa0, 0x80]));
        Assert.False(any.IsMatch([0xe2, 0x82]));
        Assert.True(any.IsMatch([0xe2, 0x82, 0xac]));
    }

    [Fact]
    public void Each_range_of_characters_is_exact()
    {
        foreach (var (first, last) in ((int, int)[])[(0, 0x7f), (0x7f, 0x80), (0x3ff, 0x1000), (0x7ff, 0x800), (0xd000, 0xe001),
            (0xfffe, 0x10001), (0x1234, 0x12345), (0x10fffe, 0x10ffff)])
        {
            var table = Compiled($"[\\x{{{first:x}}}-\\x{{{last:x}}}]");
            foreach (var edge in (int[])[0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff, first, last])
            {
                for (var letter = Math.Max(0, edge - 70); letter <= Math.Min(0x10ffff, edge + 70); letter++)
                {
                    if (Rune.IsValid(letter))
                    {
                        var text = Encoding.UTF8.GetBytes(new Rune(letter).ToString());
                        Assert.Equal(first <= letter && letter <= last, table.IsMatch(text));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("(", 1)]
    [InlineData("a)", 2)]
    [InlineData("[a", 1)]
    [InlineData("*a", 1)]
    [InlineData("{2}", 1)]
    [InlineData("a**", 3)]
    [InlineData("a{3,2}", 2)]
    [InlineData("a{1001}", 2)]
    [InlineData("a{99999999999}", 2)]
    [InlineData("[b-a]", 2)]
    [InlineData("\\", 2)]
    [InlineData("\\pL", 2)]
    [InlineData("\\1", 2)]
    [InlineData("\\y", 2)]
    [InlineData("\\x4", 2)]
    [InlineData("\\x{110000}", 2)]
    [InlineData("\\x{ffffffff}", 2)]
    [InlineData("(?=a)", 3)]
    [InlineData("(?i", 4)]
    [InlineData("(?P=n)", 3)]
    [InlineData("[[:nope:]]", 4)]
    public void A_pattern_that_is_none_is_refused_with_its_place(string pattern, int character)
    {
        Assert.False(RegexTable.TryCompile(pattern, RegexExtent.Whole, out _, out var mistake));
        Assert.Equal("WEFT6201", mistake.Code);
        Assert.Contains($" at character {character}:", mistake.Message);
    }

    [Fact]
    public void A_lone_half_of_a_character_is_refused()
    {
        Assert.False(RegexTable.TryCompile("a\ud800", RegexExtent.Whole, out _, out var mistake));
        Assert.Equal("WEFT6201", mistake.Code);
    }

    public static TheoryData<string> Large =>
    [
        new string('a', RegexTable.MaxPattern + 1),
        "(a{1000}){1000}",
        "((a{30}){30}){30}",
        "(a|b)*a(a|b){12}",
        "[^x]{1000}.{1000}",
        "(x+x+)+y(.*a.{10}){3}",
        "(\\b|a|\\B|bc)*(a.{9}|b.{8}|c.{7})",
    ];

    [Theory]
    [MemberData(nameof(Large))]
    public void A_pattern_that_is_too_large_is_refused_in_bounded_time(string pattern)
    {
        Assert.False(RegexTable.TryCompile(pattern, RegexExtent.Whole, out _, out var mistake));
        Assert.Equal("WEFT6202", mistake.Code);
    }

    [Fact]
    public void Deep_groups_are_refused()
    {
        Assert.False(RegexTable.TryCompile(new string('(', 4000), RegexExtent.Whole, out _, out var mistake));
        Assert.Equal("WEFT6201", mistake.Code);
    }

    [Fact]
    public void A_table_is_small_and_the_same_each_time()
    {
        var table = Compiled("canary-(v[0-9]+|beta)");
        Assert.Equal(table.Bytes, Compiled("canary-(v[0-9]+|beta)").Bytes);
        Assert.InRange(table.States, 10, 16);
        Assert.InRange(table.Classes, 10, 14);
        Assert.InRange(table.Bytes.Length, 260, 500);
    }

    [Fact]
    public void A_table_of_many_states_has_two_bytes_for_each()
    {
        var table = Compiled("(ab){300}");
        Assert.True(table.States > 256);
        Assert.True(table.IsMatch(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ab", 300)))));
        Assert.False(table.IsMatch(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ab", 299)))));
    }

    [Fact]
    public void What_never_matches_has_a_table_too()
    {
        var table = Compiled("[^\\x00-\\x{10ffff}]");
        Assert.Equal(2, table.States);
        Assert.False(table.IsMatch([]));
        Assert.False(table.IsMatch("a"u8));
    }

    private static RegexTable Compiled(string pattern)
    {
        Assert.True(RegexTable.TryCompile(pattern, RegexExtent.Whole, out var table, out var mistake), mistake?.Message);
        return table;
    }
}
