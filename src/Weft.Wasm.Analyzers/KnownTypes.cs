using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Weft.Wasm.Analyzers;

/// <summary>What the compiler knows of the framework's types. All others than the framework's are compiled with the plugin.</summary>
internal static class KnownTypes
{
    private static readonly ImmutableHashSet<string> Names =
    [
        "System.Array", "System.Nullable`1", "System.Span`1", "System.ReadOnlySpan`1", "System.RuntimeFieldHandle", "System.Action", "System.Func",
        "System.Predicate", "System.Comparison",
    ];

    public static bool IsOfFramework(ISymbol symbol)
    {
        var name = symbol.ContainingAssembly?.Name ?? "";
        return name is "System" or "mscorlib" or "netstandard" || name.StartsWith("System.", StringComparison.Ordinal) ||
            name.StartsWith("Microsoft.", StringComparison.Ordinal);
    }

    public static bool IsSpan(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Arity: 1, Name: "Span" or "ReadOnlySpan" } && IsIn(type, "System");

    public static bool IsException(ITypeSymbol? type)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (at.Name == "Exception" && IsIn(at, "System"))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsIn(ISymbol symbol, string space) => symbol.ContainingType is null && symbol.ContainingNamespace.ToDisplayString() == space;

    /// <summary>Whether the compiler can read the type.</summary>
    public static bool Contains(ITypeSymbol type) => Unknown(type) is null;

    /// <summary>The part of a type that the compiler does not know, or null.</summary>
    public static ITypeSymbol? Unknown(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: > 1 } => null,
        IArrayTypeSymbol array => Unknown(array.ElementType),
        IPointerTypeSymbol pointer => Unknown(pointer.PointedAtType),
        INamedTypeSymbol named => UnknownNamed(named),
        _ => null,
    };

    private static ITypeSymbol? UnknownNamed(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Error)
        {
            return null;
        }

        return IsOfFramework(type) && !IsKnown(type) ? type : type.TypeArguments.Select(Unknown).FirstOrDefault(t => t is not null);
    }

    private static bool IsKnown(INamedTypeSymbol type)
    {
        if (type.IsTupleType || IsException(type))
        {
            return true;
        }

        if (type.SpecialType is (>= SpecialType.System_Object and <= SpecialType.System_UIntPtr) and not SpecialType.System_Decimal)
        {
            return type.SpecialType is not (SpecialType.System_Enum or SpecialType.System_MulticastDelegate or SpecialType.System_Delegate or SpecialType.System_ValueType);
        }

        var name = IlNames.OfDeclared(type.OriginalDefinition);
        return Names.Contains(name) || (type.TypeKind == TypeKind.Delegate && Names.Contains(name.Split('`')[0])) ||
            name.StartsWith("System.ValueTuple", StringComparison.Ordinal) ||
            name.StartsWith("System.Runtime.CompilerServices.InlineArray", StringComparison.Ordinal);
    }
}
