using System.Text;
using Weft.Testing;
using static Weft.Tests.Translation.Raw.RawTexts;

namespace Weft.Tests.Translation.Raw;

public sealed class HostileTextTests
{
    private const int Runs = 3_000;

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ": ", ",", "\"", "'", "\n", "\n  ", "- ", "&a ", "*a", "!!str ", "---\n", "...\n",
        "#", "|\n", ">\n", "? ",
        "%TAG ! x\n", "\t", "~", "null", "0x", "1e999", "-", "\u0000", "\uD800", "\uFEFF", "😀",
        "\\u0000", "@type", "value", "<<: *a",
    ];

    private static readonly string Start =
        $$"""
        version_info: "1"
        resources:
        - &a {"@type": {{ClusterType}}, name: a, connect_timeout: 1.5s, metadata: {filter_metadata: {x: {y: [1, null]} } } }
        - "@type": type.googleapis.com/envoy.service.discovery.v3.Resource
          name: b
          resource: {"@type": type.googleapis.com/example.B, value: "AAEC"}
        - "@type": {{ClusterType}}
          name: c
          transport_socket: {name: t, typed_config: {"@type": type.googleapis.com/google.protobuf.Duration, value: 5s} }
        """;

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void No_text_makes_the_reader_throw_and_every_place_lies_in_the_text()
    {
        var seed = Soak.Seed();
        var dice = new Random(seed);
        Assert.Empty(Read(Start).Diagnostics);
        for (var run = 0; run < Soak.Runs(Runs, 2_000_000); run++)
        {
            var text = Mutate(Start, dice);
            try
            {
                var read = Read(text);
                var lines = text.Split('\n').Length;
                Assert.All(read.Diagnostics, one => Assert.InRange(one.Where!.Line, 0, lines + 1));
                Assert.True(read.Parsed || read.Resources.IsEmpty);
            }
            catch (Exception mistake)
            {
                Assert.Fail($"seed {seed}, run {run}: {mistake}\n{text}");
            }
        }
    }

    [Fact]
    public void Too_long_a_text_is_not_read()
    {
        var read = Read(new string(' ', (16 * 1024 * 1024) + 1));
        Assert.Equal(["WEFT3003 0:0"], Places(read));
        Assert.False(read.Parsed);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Too_deep_a_text_is_not_read(string piece)
    {
        var read = Read(string.Concat(Enumerable.Repeat(piece, 100_000)));
        Assert.Equal("WEFT3003", Assert.Single(read.Diagnostics).Code);
    }

    [Fact]
    public void Aliases_that_multiply_are_refused()
    {
        var bomb = new StringBuilder("x0: &x0 [1]\n");
        for (var i = 1; i < 40; i++)
        {
            bomb.Append($"x{i}: &x{i} [*x{i - 1}, *x{i - 1}]\n");
        }

        Assert.Equal("WEFT3003", Assert.Single(Read(bomb.ToString()).Diagnostics).Code);
    }

    [Fact]
    public void Aliases_that_nest_are_refused_beyond_the_depth()
    {
        var tower = "x0: &x0 [1]\n" + string.Concat(Enumerable.Range(1, 100).Select(i => $"x{i}: &x{i} [*x{i - 1}]\n"));
        Assert.Equal("WEFT3003", Assert.Single(Read(tower).Diagnostics).Code);
    }

    [Fact]
    public void An_alias_stands_for_what_it_names()
    {
        var resources = Good(
            $$"""
            resources:
            - {"@type": {{ClusterType}}, name: a, connect_timeout: &t 2s}
            - {"@type": {{ClusterType}}, name: b, connect_timeout: *t}
            """);
        Assert.All(resources, one => Assert.Equal(2, ((Envoy.Config.Cluster.V3.Cluster)one.Message!).ConnectTimeout.Seconds));
    }

    [Fact]
    public void Of_very_many_mistakes_the_first_thousand_are_shown()
    {
        var read = Read("resources: [" + string.Join(",", Enumerable.Repeat("1", 5_000)) + "]");
        Assert.Equal(1_001, read.Diagnostics.Length);
        Assert.Equal("WEFT3003", read.Diagnostics[^1].Code);
        Assert.Equal(5_000, read.Refused.Length);
    }

    private static string Mutate(string text, Random dice)
    {
        var mutated = new StringBuilder(text);
        for (var i = dice.Next(1, 5); i > 0; i--)
        {
            var at = dice.Next(mutated.Length + 1);
            switch (dice.Next(4))
            {
                case 0:
                    mutated.Insert(at, Pieces[dice.Next(Pieces.Length)]);
                    break;
                case 1:
                    mutated.Remove(at, Math.Min(dice.Next(20), mutated.Length - at));
                    break;
                case 2:
                    mutated.Length = Math.Max(at, 1);
                    break;
                default:
                    mutated.Insert(at, mutated.ToString(0, Math.Min(mutated.Length, dice.Next(40))));
                    break;
            }
        }

        return mutated.ToString();
    }
}
