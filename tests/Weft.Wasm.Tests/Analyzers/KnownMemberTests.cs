using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Weft.Wasm.Analyzers;

namespace Weft.Wasm.Tests.Analyzers;

/// <summary>The analyzer's list of the framework's members against the compiler: both say the same of each.</summary>
public sealed class KnownMemberTests
{
    [Fact]
    public void Each_member_of_the_list_is_there()
    {
        var framework = new AnalyzedSource("").Compilation;
        foreach (var (type, members) in KnownMembers.ByType)
        {
            var keys = Methods(framework.GetTypeByMetadataName(type)!).Select(KnownMembers.Key).ToHashSet();
            Assert.All(members, m => Assert.Contains(m, keys));
        }
    }

    [Theory]
    [InlineData("System.Math")]
    [InlineData("System.MathF")]
    [InlineData("System.BitConverter")]
    [InlineData("System.Numerics.BitOperations")]
    [InlineData("System.MemoryExtensions")]
    [InlineData("System.Double")]
    [InlineData("System.Single")]
    [InlineData("System.Int32")]
    [InlineData("System.Char")]
    [InlineData("System.String")]
    [InlineData("System.Array")]
    [InlineData("System.Span`1")]
    [InlineData("System.ReadOnlySpan`1")]
    [InlineData("System.Nullable`1")]
    [InlineData("System.Environment")]
    public async Task A_member_is_known_to_both_or_to_neither(string name)
    {
        var type = new AnalyzedSource("").Compilation.GetTypeByMetadataName(name)!;
        var calls = Methods(type).Select(m => (Method: m, Call: Call(m))).Where(m => m.Call is not null).DistinctBy(m => m.Call).ToList();
        var text = new StringBuilder("public static unsafe class Tested\n{\n");
        foreach (var (index, (_, call)) in calls.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"[UnmanagedCallersOnly(EntryPoint = \"m{index}\")] static void M{index}(int a) {{ {Variables} {call}; }}\n");
        }

        var source = new AnalyzedSource(text.Append("}\n").ToString());
        var compiled = source.Compile();
        var refused = compiled.Diagnostics.Select(d => d.Where!.Line).ToHashSet();
        var found = (await source.Findings()).Where(f => f.Id != "PW0017").Select(AnalyzedSource.LineOf).ToHashSet();

        var differences = calls.Index().Where(c => refused.Contains(c.Index + 3) != found.Contains(c.Index + 3))
            .Select(c => $"{(found.Contains(c.Index + 3) ? "analyzer" : "compiler")} refuses {c.Item.Call} {compiled.Diagnostics.FirstOrDefault(d => d.Where!.Line == c.Index + 3)}");
        Assert.Empty(string.Join('\n', differences));
        Assert.True(calls.Count > 2);
    }

    private const string Variables =
        "int i = a; uint u = (uint)a; long l = a; ulong w = (ulong)a; float f = a; double d = a; bool b = a > 0; char c = (char)a; byte y = (byte)a; " +
        "string t = a > 3 ? \"x\" : \"y\"; int[] x = new int[3]; Span<int> s = stackalloc int[4]; ReadOnlySpan<int> r = s; int? n = a; int z = a; void* p = &z;";

    private static IEnumerable<IMethodSymbol> Methods(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IMethodSymbol>().Where(m => m.DeclaredAccessibility == Accessibility.Public && !m.GetAttributes().Any(a => a.AttributeClass!.Name == "ObsoleteAttribute"));

    /// <summary>A statement that calls the method with the variables that there are; null where one is missing.</summary>
    private static string? Call(IMethodSymbol method)
    {
        var type = method.ContainingType;
        var arguments = method.Parameters.Select(Argument).ToList();
        if (arguments.Contains(null) || method.TypeParameters.Length > 1 || method.MethodKind is MethodKind.UserDefinedOperator or MethodKind.Conversion or MethodKind.Destructor || !Fits(method))
        {
            return null;
        }

        var self = method.IsStatic ? Closed(type) : type.Name switch
        {
            "Span" => "s",
            "ReadOnlySpan" => "r",
            "Nullable" => "n",
            "Int32" => "i",
            "Char" => "c",
            "Double" => "d",
            "Single" => "f",
            "String" => "t",
            _ => null,
        };
        var list = string.Join(", ", arguments);
        return (method.MethodKind, self) switch
        {
            (MethodKind.Constructor, _) => method.Parameters.IsEmpty ? null : $"var o = new {Closed(type)}({list})",
            (_, null) => null,
            (MethodKind.PropertyGet, _) => method.Parameters.IsEmpty ? $"_ = {self}.{method.AssociatedSymbol!.Name}" : $"_ = {self}[{list}]",
            (MethodKind.Ordinary, _) => $"{self}.{method.Name}{(method.Arity == 1 ? "<int>" : "")}({list})",
            _ => null,
        };
    }

    private static string Closed(INamedTypeSymbol type) => $"global::{type.ContainingNamespace.ToDisplayString()}.{type.Name}{(type.Arity == 1 ? "<int>" : "")}";

    private static bool Fits(IMethodSymbol method) =>
        method.TypeParameters.All(p => !p.HasReferenceTypeConstraint) && method.Name != "GetEnumerator" && !method.ReturnsByRefReadonly | method.MethodKind == MethodKind.PropertyGet;

    private static string? Argument(IParameterSymbol parameter) => parameter switch
    {
        { RefKind: RefKind.Ref or RefKind.RefReadOnlyParameter or RefKind.In, Type: ITypeParameterSymbol } => "ref z",
        { RefKind: not RefKind.None } => null,
        { Type: ITypeParameterSymbol } => "i",
        { Type: IArrayTypeSymbol { ElementType: ITypeParameterSymbol } } => "x",
        { Type: IPointerTypeSymbol { PointedAtType.SpecialType: SpecialType.System_Void } } => "p",
        { Type: INamedTypeSymbol { Name: "Span", TypeArguments: [ITypeParameterSymbol] } } => "s",
        { Type: INamedTypeSymbol { Name: "ReadOnlySpan", TypeArguments: [ITypeParameterSymbol] } } => "r",
        { Type.SpecialType: SpecialType.System_Int32 } => "i",
        { Type.SpecialType: SpecialType.System_UInt32 } => "u",
        { Type.SpecialType: SpecialType.System_Int64 } => "l",
        { Type.SpecialType: SpecialType.System_UInt64 } => "w",
        { Type.SpecialType: SpecialType.System_Single } => "f",
        { Type.SpecialType: SpecialType.System_Double } => "d",
        { Type.SpecialType: SpecialType.System_Boolean } => "b",
        { Type.SpecialType: SpecialType.System_Char } => "c",
        { Type.SpecialType: SpecialType.System_Byte } => "y",
        { Type.SpecialType: SpecialType.System_String } => "t",
        _ => null,
    };
}
