namespace Weft.Bpf.CoRe;

/// <summary>What of a field, type or enumerator is relocated, numbered as clang writes it in <c>.BTF.ext</c>.</summary>
internal enum CoReKind : uint
{
    FieldByteOffset = 0,
    FieldByteSize = 1,
    FieldExists = 2,
    FieldSigned = 3,
    FieldLeftShift = 4,
    FieldRightShift = 5,
    TypeIdLocal = 6,
    TypeIdTarget = 7,
    TypeExists = 8,
    TypeSize = 9,
    EnumeratorExists = 10,
    EnumeratorValue = 11,
    TypeMatches = 12,
}

/// <summary>The three families of kinds, and what errors call them.</summary>
internal static class CoReKinds
{
    public static bool IsField(this CoReKind kind) => kind <= CoReKind.FieldRightShift;

    public static bool IsType(this CoReKind kind) =>
        kind is >= CoReKind.TypeIdLocal and <= CoReKind.TypeSize or CoReKind.TypeMatches;

    public static bool IsEnumerator(this CoReKind kind) => kind is CoReKind.EnumeratorExists or CoReKind.EnumeratorValue;

    public static string Text(this CoReKind kind) => kind switch
    {
        CoReKind.FieldByteOffset => "the offset",
        CoReKind.FieldByteSize => "the size",
        CoReKind.FieldExists => "the existence",
        CoReKind.FieldSigned => "the sign",
        CoReKind.FieldLeftShift => "the left shift",
        CoReKind.FieldRightShift => "the right shift",
        CoReKind.TypeIdLocal => "the local id",
        CoReKind.TypeIdTarget => "the kernel's id",
        CoReKind.TypeExists => "the existence",
        CoReKind.TypeSize => "the size",
        CoReKind.EnumeratorExists => "the existence",
        CoReKind.EnumeratorValue => "the value",
        CoReKind.TypeMatches => "the match",
        _ => $"relocation {(uint)kind}",
    };
}
