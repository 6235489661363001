namespace Weft.Bpf.CoRe;

/// <summary>What a relocation asks, numbered as <c>enum bpf_core_relo_kind</c>.</summary>
internal enum CoReKind
{
    FieldOffset = 0,
    FieldSize = 1,
    FieldExists = 2,
    FieldSigned = 3,
    FieldLeftShift = 4,
    FieldRightShift = 5,
    TypeIdLocal = 6,
    TypeIdTarget = 7,
    TypeExists = 8,
    TypeSize = 9,
    ValueExists = 10,
    Value = 11,
    TypeMatches = 12,
}
