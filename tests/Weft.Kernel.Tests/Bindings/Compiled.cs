using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Weft.Bpf.Build;

namespace Weft.Kernel.Tests.Bindings;

/// <summary>Bindings that are written and compiled, with warnings as errors.</summary>
internal sealed class Compiled
{
    public const string Class = "Probe";

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':').Select(f => MetadataReference.CreateFromFile(f)),
    ];

    private Compiled(Assembly assembly, string code) => (Assembly, Code) = (assembly, code);

    public Assembly Assembly { get; }

    public string Code { get; }

    public Type Class_ => Assembly.GetType(Class)!;

    public static Compiled Of(byte[] file, BindingSettings? settings = null, string more = "")
    {
        settings ??= new() { ClassName = Class, IsPublic = true, ObjectName = "probe" };
        var code = BindingWriter.Write(file, settings);
        using var stream = new MemoryStream();
        var result = Compile(code, more).Emit(stream, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Take(20)));
        return new(new AssemblyLoadContext(null).LoadFromStream(new MemoryStream(stream.ToArray())), code);
    }

    /// <summary>What the compiler has against a file, without emitting it.</summary>
    public static IReadOnlyList<Diagnostic> Faults(string code) => Compile(code, "").GetDiagnostics(TestContext.Current.CancellationToken);

    /// <summary>A type that is written into the class.</summary>
    public Type Type(string name) => Class_.GetNestedType(name) ?? throw new ArgumentException($"there is no {name} in {Code}");

    public static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static CSharpCompilation Compile(string code, string more)
    {
        var options = new CSharpParseOptions(documentationMode: DocumentationMode.Diagnose);
        return CSharpCompilation.Create(
            "probe",
            new[] { code, more }.Select(text => CSharpSyntaxTree.ParseText(text, options)),
            References,
            new(OutputKind.DynamicallyLinkedLibrary, generalDiagnosticOption: ReportDiagnostic.Error, nullableContextOptions: NullableContextOptions.Enable));
    }
}
