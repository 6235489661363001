using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using Weft.Wasm.Analyzers;
using Weft.Wasm.Compiling;
using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Analyzers;

/// <summary>C# as a plugin's project has it, before the analyzer and before the compiler of plugins.</summary>
internal sealed class AnalyzedSource
{
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal))
            .Select(p => MetadataReference.CreateFromFile(p)),
        MetadataReference.CreateFromFile(typeof(global::Weft.Wasm.Sdk.Text).Assembly.Location),
    ];

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);

    private static readonly SyntaxTree Usings = CSharpSyntaxTree.ParseText(
        """
        global using System;
        global using System.Runtime.CompilerServices;
        global using System.Runtime.InteropServices;
        global using Weft.Wasm.Sdk;
        """,
        Language);

    private static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "Tested",
        [Usings],
        References,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true,
            concurrentBuild: false,
            nullableContextOptions: NullableContextOptions.Enable));

    private readonly CSharpCompilation _compilation;

    public AnalyzedSource(params string[] sources)
    {
        _compilation = Empty.AddSyntaxTrees(sources.Select(
            (s, i) => CSharpSyntaxTree.ParseText(SourceText.From(s, System.Text.Encoding.UTF8), Language, $"{i}.cs")));
        var errors = _compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    public Compilation Compilation => _compilation;

    /// <summary>What the analyzer finds, in the order of the source.</summary>
    /// <param name="property">What the project says of <c>WeftPlugin</c>.</param>
    public async Task<IReadOnlyList<Diagnostic>> Findings(string? property = "true")
    {
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([], new Project(property)), onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        var found = await _compilation.WithAnalyzers([new PluginAnalyzer()], options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        // AD0001 is the analyzer's own fault.
        Assert.DoesNotContain(found, d => !d.Id.StartsWith("PW", StringComparison.Ordinal));
        return [.. found.OrderBy(d => d.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(d => d.Location.SourceSpan)];
    }

    public CompiledPlugin Compile()
    {
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var options = new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb);
        Assert.True(_compilation.Emit(image, symbols, options: options, cancellationToken: TestContext.Current.CancellationToken).Success);
        return PluginCompiler.Compile(new PluginAssembly(image.ToArray(), symbols.ToArray()), [CSharpSource.Sdk], new CompileSettings { ExportsGlobals = true });
    }

    public static int LineOf(Diagnostic finding) => finding.Location.GetLineSpan().StartLinePosition.Line + 1;

    private sealed class Project(string? property) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Properties(property);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Properties(string? property) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = key == "build_property.WeftPlugin" ? property : null;
            return value is not null;
        }
    }
}
