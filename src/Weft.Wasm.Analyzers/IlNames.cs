using Microsoft.CodeAnalysis;

namespace Weft.Wasm.Analyzers;

/// <summary>Types and members as the compiler, which sees IL, calls them.</summary>
internal static class IlNames
{
    public static string Of(IMethodSymbol method)
    {
        var name = $"{OfDeclared(method.ContainingType.OriginalDefinition)}.{method.MetadataName}";
        return method.Parameters.All(p => KnownTypes.Contains(p.Type)) && (method.ReturnsVoid || KnownTypes.Contains(method.ReturnType))
            ? $"{name}({string.Join(", ", method.Parameters.Select(p => Of(p.Type) + (p.RefKind == RefKind.None ? "" : "&")))})"
            : name;
    }

    public static string Of(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => $"{Of(array.ElementType)}[]",
        IPointerTypeSymbol pointer => $"{Of(pointer.PointedAtType)}*",
        INamedTypeSymbol { EnumUnderlyingType: { } number } => Of(number),
        INamedTypeSymbol { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => "nint",
        INamedTypeSymbol span when KnownTypes.IsSpan(span) => $"Span<{Of(span.TypeArguments[0])}>",
        INamedTypeSymbol { SpecialType: not SpecialType.None } named when Keyword(named) is { } keyword => keyword,
        INamedTypeSymbol { IsGenericType: true } named => $"{OfDeclared(named.OriginalDefinition)}<{string.Join(",", named.TypeArguments.Select(Of))}>",
        INamedTypeSymbol named => OfDeclared(named),
        _ => type.Name,
    };

    /// <summary>The name in metadata: namespace, outer types and arity.</summary>
    public static string OfDeclared(INamedTypeSymbol type) => type.ContainingType is { } outer
        ? $"{OfDeclared(outer.OriginalDefinition)}/{type.MetadataName}"
        : type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString()}.{type.MetadataName}" : type.MetadataName;

    private static string? Keyword(INamedTypeSymbol type)
    {
        var shown = type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);
        return shown.IndexOf('.') < 0 ? shown.TrimEnd('?') : null;
    }
}
