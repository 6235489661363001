using Weft.Bpf.Btf;

namespace Weft.Bpf.Build.Types;

/// <summary>A member that begins at a byte.</summary>
internal readonly record struct Field(string Name, uint Type, uint Offset, long Size);

/// <summary>A bit field.</summary>
internal readonly record struct BitField(string Name, uint Type, uint BitOffset, uint BitSize);

/// <summary>The members of a structure or union, with those of structures without names in it, as C sees them.</summary>
internal sealed class Members
{
    private const int Most = 8192;
    private const int MaxDepth = 16;

    private readonly BtfSpec _types;
    private readonly BtfComposite _composite;
    private int _steps;

    private Members(BtfSpec types, BtfComposite composite)
    {
        _types = types;
        _composite = composite;
        Collect(composite, 0, 0);
        Flexible = composite is { Kind: BtfKind.Struct, Members: [.., { BitSize: 0, Name.Length: > 0 } last] }
            && types.Get(types.Skip(last.Type)) is BtfArray { Count: 0 } array
            ? new(last.Name, array.Element, last.BitOffset / 8, 0)
            : null;
    }

    public List<Field> Fields { get; } = [];

    public List<BitField> Bits { get; } = [];

    /// <summary>The array at the end that takes what is left; its type is that of an element.</summary>
    public Field? Flexible { get; }

    /// <exception cref="BpfFormatException">A member lies outside, or there are too many.</exception>
    public static Members Of(BtfSpec types, BtfComposite composite) => new(types, composite);

    /// <summary>The bytes in which bit fields lie, as far as they touch each other: first and last.</summary>
    public IEnumerable<(uint First, uint Last)> BitRuns()
    {
        (uint First, uint Last)? run = null;
        foreach (var bits in Bits.OrderBy(b => b.BitOffset))
        {
            var (first, last) = (bits.BitOffset / 8, (bits.BitOffset + bits.BitSize - 1) / 8);
            if (run is { } before && first <= before.Last + 1)
            {
                run = (before.First, Math.Max(before.Last, last));
                continue;
            }

            if (run is { } done)
            {
                yield return done;
            }

            run = (first, last);
        }

        if (run is { } end)
        {
            yield return end;
        }
    }

    private void Collect(BtfComposite composite, uint bitOffset, int depth)
    {
        foreach (var member in composite.Members)
        {
            if (++_steps > Most || depth > MaxDepth)
            {
                throw new BpfFormatException($"{CText.Title(_composite)} has too many members");
            }

            var at = checked(bitOffset + member.BitOffset);
            var type = _types.Get(_types.Skip(member.Type));
            if (member.Name.Length > 0)
            {
                Add(member, type, at);
            }
            else if (type is BtfComposite inner)
            {
                Collect(inner, at, depth + 1);
            }
        }
    }

    private void Add(BtfMember member, BtfType type, uint at)
    {
        // As old compilers tell of bit fields: by an integer that has fewer bits than its bytes.
        var number = type as BtfInt;
        var isOld = member.BitSize == 0 && number is not null && (number.Bits != number.Size * 8 || number.Offset != 0);
        var (start, bits) = isOld ? (at + number!.Offset, number.Bits) : (at, member.BitSize);
        if (bits > 0)
        {
            Inside(member.Name, start, bits);
            Bits.Add(new(member.Name, member.Type, start, bits));
            return;
        }

        if (at % 8 != 0)
        {
            throw new BpfFormatException($"{member.Name} of {CText.Title(_composite)} begins within a byte");
        }

        var size = type is BtfArray { Count: 0 } ? 0 : _types.SizeOf(member.Type);
        Inside(member.Name, at, size * 8);
        if (size > 0)
        {
            Fields.Add(new(member.Name, member.Type, at / 8, size));
        }
    }

    private void Inside(string name, uint bit, long bits)
    {
        if (bit + bits > _composite.Size * 8L)
        {
            throw new BpfFormatException($"{name} lies outside of {CText.Title(_composite)}");
        }
    }
}
