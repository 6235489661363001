using Weft.Bpf.Btf;

namespace Weft.Bpf.CoRe;

/// <summary>
/// Where a field lies and how it is loaded. A bit field is loaded with the smallest integer that has all of its bits, from a
/// place that is a multiple of that integer's size.
/// </summary>
/// <param name="Type">The field's type without other names; 0 where a load cannot be fitted to its size.</param>
/// <param name="ByteOffset">Where it is loaded from.</param>
/// <param name="ByteSize">How many bytes are loaded.</param>
/// <param name="BitOffset">Where it begins.</param>
/// <param name="BitSize">How many bits it has.</param>
/// <param name="IsBitField">Whether it is a bit field.</param>
internal readonly record struct FieldPlace(
    uint Type, long ByteOffset, long ByteSize, long BitOffset, long BitSize, bool IsBitField)
{
    public static FieldPlace Of(AccessPath path)
    {
        var last = path.Last;
        if (!last.IsMember)
        {
            return Whole(path, last.Type);
        }

        var member = path.Types.Open(last.Type).Member(last.Index);
        var type = path.Types.OpenPlain(member.Type);
        return member.BitSize > 0 ? Bits(path.BitOffset, type, member.BitSize) : Whole(path, type.Id);
    }

    private static FieldPlace Whole(AccessPath path, uint type)
    {
        var size = path.Types.SizeOf(type);
        return new(type, path.BitOffset / 8, size, path.BitOffset, size * 8, false);
    }

    private static FieldPlace Bits(long at, TypeRecord type, long bits)
    {
        if ((type.Kind != BtfKind.Int && !type.IsEnum) || type.Head.SizeOrType is not (1 or 2 or 4 or 8 or 16))
        {
            throw new BpfFormatException($"the bit field's type {type.Id} is no integer");
        }

        long size = type.Head.SizeOrType;
        var from = at / 8 / size * size;
        while (at + bits > (from + size) * 8)
        {
            if (size >= 8)
            {
                throw new BpfFormatException("the bit field cannot be read at once, it takes more than 8 bytes");
            }

            size *= 2;
            from = at / 8 / size * size;
        }

        return new(type.Id, from, size, at, bits, true);
    }

    /// <summary>How far the loaded integer, made 64 bits wide, is shifted to the left so that the field's sign is its first bit.</summary>
    public long LeftShift(bool isBigEndian) => isBigEndian
        ? ((8 - ByteSize) * 8) + (BitOffset - (ByteOffset * 8))
        : 64 - (BitOffset + BitSize - (ByteOffset * 8));
}
