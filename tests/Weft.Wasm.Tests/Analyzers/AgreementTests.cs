using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Weft.Testing;

namespace Weft.Wasm.Tests.Analyzers;

public sealed class AgreementTests
{
    private const string Unsafe = "PW0017";

    public static TheoryData<int> Refused => [.. Enumerable.Range(0, RefusedCode.Samples.Length)];

    public static TheoryData<string, int> Features
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var file in Directory.GetFiles(FeatureFolder).Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileName(file);
                for (var i = 0; i < MembersOf(name).Count; i++)
                {
                    data.Add(name, i);
                }
            }

            return data;
        }
    }

    private static string FeatureFolder => Path.Combine(RepositoryRoot.Path, "tests/Weft.Wasm.Tests/Compiling/Features");

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task The_analyzer_says_in_the_editor_what_the_compiler_says_later(int number)
    {
        var (code, members) = RefusedCode.Samples[number];
        var text = $"public static class Tested\n{{\n[UnmanagedCallersOnly(EntryPoint = \"run\")] static int Run(int a) => F(a);\n{members}\n}}\n";
        var source = new AnalyzedSource(text);
        var marked = text.Split('\n').Index().Where(l => l.Item.EndsWith("//!", StringComparison.Ordinal) || l.Item.EndsWith("//?", StringComparison.Ordinal)).ToList();
        var findings = (await source.Findings()).Where(f => f.Id != Unsafe).ToList();
        var refusal = Assert.Single(source.Compile().Diagnostics);

        Assert.Equal(
            marked.Select(l => (code, l.Index + 1)), findings.Select(f => (f.Id, AnalyzedSource.LineOf(f))).Distinct().OrderBy(f => f.Item2));
        Assert.Equal(code, refusal.Code);
        if (marked.TrueForAll(l => l.Item.EndsWith('!')))
        {
            Assert.Contains(refusal.Where!.Line, marked.Select(l => l.Index + 1));
        }
    }

    [Theory]
    [MemberData(nameof(Features))]
    public async Task What_the_compiler_compiles_the_analyzer_lets_be(string file, int number)
    {
        var source = new AnalyzedSource($"public static unsafe partial class Tested\n{{\n{MembersOf(file)[number]}\n}}\n");

        Assert.DoesNotContain(await source.Findings(), f => f.Id != Unsafe);
    }

    [Fact]
    public void There_are_features_to_look_at()
    {
        Assert.True(Features.Count > 25);
    }

    // The members that are the argument of each Twins.Agree.
    private static List<string> MembersOf(string file)
    {
        var tree = CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(FeatureFolder, file)));
        return
        [
            .. tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>().Where(i => i.Expression.ToString() == "Twins.Agree")
                .Select(i => i.ArgumentList.DescendantNodes().OfType<LiteralExpressionSyntax>().First().Token.ValueText.Replace("ReferenceEquals(n, m)", "n == m", StringComparison.Ordinal)),
        ];
    }
}
