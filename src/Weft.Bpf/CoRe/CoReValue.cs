using Weft.Bpf.Btf;

namespace Weft.Bpf.CoRe;

/// <summary>What a relocation stands for on one side.</summary>
/// <param name="Number">The number.</param>
/// <param name="Size">The bytes of the field that it is the offset of; 0 where a load's size does not depend on it.</param>
/// <param name="Type">The type of that field, without other names.</param>
/// <param name="IsCertain">Whether clang must have had the same number: not for bit fields, which it may load otherwise.</param>
internal readonly record struct CoReValue(ulong Number, long Size = 0, uint Type = 0, bool IsCertain = true)
{
    /// <exception cref="BpfFormatException">A kind that the access does not allow, or damaged types.</exception>
    public static CoReValue Of(CoReKind kind, AccessPath path, bool isBigEndian) => kind switch
    {
        CoReKind.FieldExists or CoReKind.TypeExists or CoReKind.TypeMatches or CoReKind.EnumeratorExists => new(1),
        CoReKind.TypeIdLocal or CoReKind.TypeIdTarget => new(path.Root, IsCertain: false),
        CoReKind.TypeSize => new((ulong)path.Types.SizeOf(path.Root)),
        CoReKind.EnumeratorValue => new(path.Types.Open(path.Last.Type).EnumeratorValue(path.Last.Index)),
        _ => OfField(kind, path, isBigEndian),
    };

    private static CoReValue OfField(CoReKind kind, AccessPath path, bool isBigEndian)
    {
        if (!path.Last.IsMember && kind is not (CoReKind.FieldByteOffset or CoReKind.FieldByteSize))
        {
            throw new BpfFormatException("an element of an array has no sign and no shifts");
        }

        var place = FieldPlace.Of(path);
        return kind switch
        {
            CoReKind.FieldByteOffset when place.IsBitField => new((ulong)place.ByteOffset, IsCertain: false),
            CoReKind.FieldByteOffset => new((ulong)place.ByteOffset, place.ByteSize, place.Type),
            CoReKind.FieldByteSize => new((ulong)place.ByteSize, IsCertain: !place.IsBitField),
            CoReKind.FieldSigned => new(IsSigned(path.Types.Open(place.Type)) ? 1UL : 0),
            CoReKind.FieldLeftShift => new((ulong)place.LeftShift(isBigEndian), IsCertain: !place.IsBitField),
            _ => new((ulong)(64 - place.BitSize)),
        };
    }

    private static bool IsSigned(TypeRecord type) => type.Kind == BtfKind.Int
        ? (type.Encoding & BtfIntEncoding.Signed) != 0
        : type.IsEnum && type.Head.Flag;
}
