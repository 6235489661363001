using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Weft.Wasm.Analyzers;

/// <summary>
/// The framework's members that the compiler knows: a type, and what may be called of it. Parameters are written as
/// <see cref="Key(IMethodSymbol)"/> says. The tests hold this list against the compiler, member by member.
/// </summary>
internal static class KnownMembers
{
    public static readonly ImmutableDictionary<string, string[]> ByType = new Dictionary<string, string[]>
    {
        ["System.Object"] = [".ctor()"],
        ["System.Span`1"] = [.. OfSpans, "Fill(T)", "Clear()", "op_Implicit(Span)"],
        ["System.ReadOnlySpan`1"] = OfSpans,
        ["System.Nullable`1"] = [".ctor(T)", "get_HasValue()", "get_Value()", "GetValueOrDefault()", "GetValueOrDefault(T)"],
        ["System.Array"] = ["Empty()", "get_Length()"],
        ["System.String"] = ["op_Equality(String,String)", "op_Inequality(String,String)", "Equals(String,String)", "IsNullOrEmpty(String)"],
        ["System.Double"] = OfFloats("Double"),
        ["System.Single"] = OfFloats("Single"),
        ["System.Math"] =
        [
            .. Two("Min", "Int32", "UInt32", "Int64", "UInt64"), .. Two("Max", "Int32", "UInt32", "Int64", "UInt64"),
            .. One("Abs", "Int32", "Int64", "Single", "Double"), "Clamp(Int32,Int32,Int32)", "Sign(Int32)",
            "Ceiling(Double)", "Floor(Double)", "Truncate(Double)", "Round(Double)", "Sqrt(Double)",
        ],
        ["System.MathF"] = ["Abs(Single)", "Ceiling(Single)", "Floor(Single)", "Truncate(Single)", "Round(Single)", "Sqrt(Single)"],
        ["System.BitConverter"] =
        [
            "SingleToInt32Bits(Single)", "SingleToUInt32Bits(Single)", "DoubleToInt64Bits(Double)", "DoubleToUInt64Bits(Double)",
            "Int32BitsToSingle(Int32)", "UInt32BitsToSingle(UInt32)", "Int64BitsToDouble(Int64)", "UInt64BitsToDouble(UInt64)",
        ],
        ["System.Numerics.BitOperations"] =
        [
            .. One("LeadingZeroCount", "UInt32", "UInt64"), .. One("PopCount", "UInt32", "UInt64"),
            .. One("TrailingZeroCount", "Int32", "UInt32", "Int64", "UInt64"), .. One("Log2", "UInt32", "UInt64"), .. One("IsPow2", "Int32", "UInt32"),
            "RotateLeft(UInt32,Int32)", "RotateLeft(UInt64,Int32)", "RotateRight(UInt32,Int32)", "RotateRight(UInt64,Int32)",
        ],
        ["System.MemoryExtensions"] =
        [
            "AsSpan(T[])", "AsSpan(T[],Int32,Int32)", .. Two("SequenceEqual", "Span"), .. Two("StartsWith", "Span"), .. Two("EndsWith", "Span"),
            .. Two("IndexOf", "Span"), "IndexOf(Span,T)", "LastIndexOf(Span,T)", "Contains(Span,T)",
        ],
    }.ToImmutableDictionary();

    private static string[] OfSpans =>
    [
        ".ctor(T&)", ".ctor(T[])", ".ctor(T[],Int32,Int32)", ".ctor(Void*,Int32)", "get_Length()", "get_IsEmpty()", "get_Empty()", "get_Item(Int32)",
        "Slice(Int32)", "Slice(Int32,Int32)", "ToArray()", "CopyTo(Span)", "TryCopyTo(Span)", "GetPinnableReference()",
        "op_Implicit(T[])",
    ];

    public static bool Contains(IMethodSymbol method)
    {
        var type = method.ContainingType;
        if (type.TypeKind == TypeKind.Delegate)
        {
            return method.MethodKind == MethodKind.DelegateInvoke;
        }

        if (method.MethodKind == MethodKind.Constructor && (type.IsTupleType || KnownTypes.IsException(type) || IsParameterlessOfStruct(method)))
        {
            return true;
        }

        return ByType.TryGetValue(IlNames.OfDeclared(type.OriginalDefinition), out var members) && members.Contains(Key(method)) && ComparesWholeNumbers(method);
    }

    /// <summary>The method's name and the types of its parameters: a span of either kind is <c>Span</c>, a parameter of generics <c>T</c>.</summary>
    public static string Key(IMethodSymbol method) =>
        $"{method.MetadataName}({string.Join(",", (method.ReducedFrom ?? method).OriginalDefinition.Parameters.Select(p => Key(p.Type, p.RefKind)))})";

    private static string Key(ITypeSymbol type, RefKind kind) => (type switch
    {
        ITypeParameterSymbol => "T",
        IArrayTypeSymbol => "T[]",
        IPointerTypeSymbol pointer => $"{pointer.PointedAtType.MetadataName}*",
        _ when KnownTypes.IsSpan(type) => "Span",
        _ => type.MetadataName,
    }) + (kind == RefKind.None ? "" : "&");

    // A struct's zeros: no constructor runs.
    private static bool IsParameterlessOfStruct(IMethodSymbol method) =>
        method is { IsImplicitlyDeclared: true, Parameters.Length: 0, ContainingType.IsValueType: true } && KnownTypes.Contains(method.ContainingType);

    // Only for whole numbers is it the same to compare bytes and to ask Equals.
    private static bool ComparesWholeNumbers(IMethodSymbol method) =>
        method.ContainingType.Name != "MemoryExtensions" || method.Name == "AsSpan" || IsWholeNumber(method.TypeArguments[0]);

    private static bool IsWholeNumber(ITypeSymbol type) =>
        ((type as INamedTypeSymbol)?.EnumUnderlyingType ?? type).SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_UInt64 ||
        type.TypeKind == TypeKind.TypeParameter;

    private static string[] One(string name, params string[] types) => [.. types.Select(t => $"{name}({t})")];

    private static string[] Two(string name, params string[] types) => [.. types.Select(t => $"{name}({t},{t})")];

    private static string[] OfFloats(string type) => One("IsNaN", type).Concat(One("IsInfinity", type)).Concat(One("IsFinite", type)).ToArray();
}
