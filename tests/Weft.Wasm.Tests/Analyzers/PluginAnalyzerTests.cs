using Weft.Testing;
using Weft.Wasm.Analyzers;

namespace Weft.Wasm.Tests.Analyzers;

public sealed class PluginAnalyzerTests
{
    private const string Usings = "global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading;";

    private const string Plugin =
        """
        public struct Tested : IHttpPlugin<Tested, Stream> { public int[] Table; }
        public struct Stream : IHttpStream<Tested>
        {
            public int[] Mine;
            public static int[] All = [1];
            public FilterAction OnRequestHeaders(ref Tested plugin, bool endOfStream)
            {
                BODY
                return FilterAction.Continue;
            }
        }
        """;

    [Theory]
    [InlineData("OneHeader")]
    [InlineData("TrafficTag")]
    public async Task The_plugins_that_ship_are_left_alone(string name)
    {
        var files = Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "plugins", name), "*.cs");

        Assert.Empty(await new AnalyzedSource([Usings, .. files.Select(File.ReadAllText)]).Findings(property: null));
    }

    [Fact]
    public async Task What_the_SDK_offers_may_be_used()
    {
        var source = new AnalyzedSource(Plugin.Replace(
            "BODY",
            """
            var user = Request.Headers.Get("x-user");
                    var count = user.Length;
                    Log.Info($"{count:x4} of {user} and {endOfStream}, {"literal"}");
                    Log.Warn("a literal");
                    if (user.IsEmpty || user.StartsWith("a"u8) || user.IndexOf((byte)'b') > 2 || user[..1].SequenceEqual("c"u8))
                    {
                        Request.Headers.Set("x-a", user);
                        Response.Headers.Add("x-b"u8, "1");
                    }

                    var text = new Utf8Writer(stackalloc byte[64]);
                    text.Append("n="u8);
                    text.Append(Math.Max(count, 3));
                    Request.Headers.Set("x-c", text.Written);
                    ReadOnlySpan<byte> last = user.Length > 3 ? user[^3..] : user;
                    Request.Headers.Remove("x-d");
                    (int Least, long Most)? range = count > 3 ? (count, last.Length) : null;
                    int[] table = [1, 2, 3];
                    foreach (var (number, i) in new[] { (table[0], 1), (table[1], 2) })
                    {
                        count += number * i + (range?.Least ?? 0);
                    }
            """,
            StringComparison.Ordinal));
        var compiled = source.Compile();

        Assert.Empty(await source.Findings(property: null));
        Assert.True(compiled.Module is not null, string.Join('\n', compiled.Diagnostics));
    }

    [Theory]
    [InlineData("All = new int[3];", 1)]
    [InlineData("Mine = new int[3];", 1)]
    [InlineData("All = null!; Mine = All; All[0] = 3;", 0)]
    [InlineData("plugin.Table = new int[3]; var mine = new int[3];", 0)]
    public async Task An_object_of_a_callback_must_not_be_kept(string body, int found)
    {
        var findings = await new AnalyzedSource(Plugin.Replace("BODY", body, StringComparison.Ordinal)).Findings(property: null);

        Assert.Equal(Enumerable.Repeat("PW0016", found), findings.Select(f => f.Id));
    }

    [Fact]
    public async Task Unsafe_code_is_pointed_out()
    {
        var finding = Assert.Single(await new AnalyzedSource("public static class A\n{\n    public static unsafe int F(int* a) => *a;\n}").Findings());

        Assert.Equal(("PW0017", 3), (finding.Id, AnalyzedSource.LineOf(finding)));
    }

    [Fact]
    public async Task A_second_plugin_is_pointed_out()
    {
        var second = "public struct Other : IHttpPlugin<Other, Stream2>; public struct Stream2 : IHttpStream<Other>;";
        var findings = await new AnalyzedSource(Plugin.Replace("BODY", "", StringComparison.Ordinal), second).Findings(property: null);

        Assert.Equal(["PW0014", "PW0014"], findings.Select(f => f.Id));
    }

    [Theory]
    [InlineData(null, false, 0)]
    [InlineData("true", false, 1)]
    [InlineData(null, true, 1)]
    [InlineData("false", true, 0)]
    public async Task A_project_is_looked_at_if_it_has_a_plugin_or_says_so(string? property, bool hasPlugin, int found)
    {
        var code = "public static class A { public static object F(int a) => a; }";
        string[] sources = hasPlugin ? [code, Plugin.Replace("BODY", "", StringComparison.Ordinal)] : [code];

        Assert.Equal(found, (await new AnalyzedSource(sources).Findings(property)).Count);
    }

    [Fact]
    public async Task A_file_may_say_otherwise()
    {
        var findings = await new AnalyzedSource("#pragma warning disable PW0001\npublic static class A { public static object F(int a) => a; }").Findings();

        Assert.DoesNotContain(findings, f => !f.IsSuppressed);
    }

    [Fact]
    public void Every_rule_is_documented_and_leads_to_its_document()
    {
        var rows = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "docs/diagnostics.md")).Where(l => l.StartsWith("| PW", StringComparison.Ordinal)).ToList();

        foreach (var rule in SubsetRules.All)
        {
            Assert.Contains(rule.Id, rows.Select(r => r.Split('|')[1].Trim()));
            Assert.True(File.Exists(Path.Combine(RepositoryRoot.Path, rule.HelpLinkUri)));
        }
    }
}
