using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Weft.Tests.Tidy;

public sealed class SizeTests
{
    private const int MaxFile = 600;
    private const int MaxMethod = 70;

    private static IEnumerable<string> Sources =>
        SourceTree.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal));

    [Fact]
    public void No_file_has_grown_too_long()
    {
        Rule.Holds($"a file has at most {MaxFile} lines", Sources.Where(f => SourceTree.Lines(f).Length > MaxFile));
    }

    [Fact]
    public void No_method_has_grown_too_long()
    {
        Rule.Holds(
            $"a method has at most {MaxMethod} lines", Sources.SelectMany(f => LongMethods(f, SourceTree.Read(f))));
    }

    [Fact]
    public void A_long_method_is_found()
    {
        var body = string.Join('\n', Enumerable.Repeat("        Run();", MaxMethod - 2));
        Assert.Single(LongMethods("a.cs", $"class A\n{{\n    void Long()\n    {{\n{body}\n    }}\n}}\n"));
        Assert.Empty(LongMethods("a.cs", $"class A\n{{\n    void Full() {{\n{body}\n    }}\n}}\n"));
    }

    private static IEnumerable<string> LongMethods(string file, string text)
    {
        var tree = CSharpSyntaxTree.ParseText(text, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var node in tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes())
        {
            if (node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax)
            {
                // The span leaves out the comments above.
                var span = tree.GetLineSpan(node.Span, TestContext.Current.CancellationToken);
                var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
                if (lines > MaxMethod)
                {
                    yield return $"{file}:{span.StartLinePosition.Line + 1}: {lines} lines";
                }
            }
        }
    }
}
