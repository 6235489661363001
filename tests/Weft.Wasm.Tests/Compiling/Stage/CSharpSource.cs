using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using Weft.Wasm.Compiling;

namespace Weft.Wasm.Tests.Compiling.Stage;

/// <summary>C# as a plugin's project compiles it: optimized, with a portable pdb.</summary>
internal static class CSharpSource
{
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is "System.Private.CoreLib.dll" or "System.Runtime.dll" or "System.Memory.dll")
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

    // All compilations come from this one, so that they share what is known of the references.
    private static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "Tested",
        [Usings],
        References,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true,
            deterministic: true,
            concurrentBuild: false,
            nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The SDK as it is built here.</summary>
    public static PluginAssembly Sdk { get; } = new(
        File.ReadAllBytes(typeof(global::Weft.Wasm.Sdk.Text).Assembly.Location),
        File.ReadAllBytes(Path.ChangeExtension(typeof(global::Weft.Wasm.Sdk.Text).Assembly.Location, ".pdb")));

    /// <summary>The assembly that the C# compiler makes of this source, which must be right.</summary>
    public static PluginAssembly Compile(string source, string path = "Tested.cs", string assembly = "Tested")
    {
        var text = SourceText.From(source, System.Text.Encoding.UTF8);
        var compilation = Empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(text, Language, path)).WithAssemblyName(assembly);
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.Emit(image, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        var errors = result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(result.Success, $"{string.Join("\n", errors)}\n{source}");
        return new PluginAssembly(image.ToArray(), symbols.ToArray());
    }
}
