using System.Runtime.InteropServices;
using Weft.Bpf.Elf;

namespace Weft.Bpf.Linking.Static;

/// <summary>A section of the result: pieces of several objects, one behind the other.</summary>
/// <param name="source">The first of the objects that has it.</param>
/// <param name="first">What that one has.</param>
/// <param name="index">Its number among the sections with bytes, from 0.</param>
internal sealed class LinkSection(LinkFile source, ElfSection first, int index)
{
    // More than any type needs; what is aligned to more would be padding without end.
    private const ulong MaxAlignment = 1 << 16;

    private readonly List<byte> _bytes = [];

    public int Index => index;

    public string Name => first.Name;

    public ElfSectionType Type => first.Type;

    public ulong Flags => first.Flags;

    public ulong EntrySize => first.EntrySize;

    public bool IsCode => first.IsCode;

    public ulong Alignment { get; private set; } = 1;

    public long Size { get; private set; }

    /// <summary>The bytes, which relocations change; none of a section that has none in the file.</summary>
    public Span<byte> Bytes => CollectionsMarshal.AsSpan(_bytes);

    public List<ElfRelocation> Relocations { get; } = [];

    /// <summary>Appends what another object has of it.</summary>
    public Piece Append(LinkFile file, ElfSection section)
    {
        if (section.Type != Type || section.Flags != Flags)
        {
            throw file.Error($"section {Name} is of another type, or has other flags, than in {source.Name}");
        }

        if (Name is "license" or "version" && Size > 0)
        {
            return section.Data.Span.SequenceEqual(Bytes)
                ? new(this, 0, true)
                : throw file.Error($"its {Name} is another than that of {source.Name}; what is linked must have the same");
        }

        var alignment = Math.Max(section.Alignment, IsCode ? 8u : 1u);
        if (alignment > MaxAlignment || (alignment & (alignment - 1)) != 0)
        {
            throw file.Error($"section {Name} is aligned to {alignment} bytes");
        }

        var start = (Size + (long)alignment - 1) & -(long)alignment;
        if (section.Size > (ulong)(ObjectSpec.MaxSize - start))
        {
            throw file.Error($"section {Name} becomes larger than the {ObjectSpec.MaxSize >> 20} MiB that an object may have");
        }

        (Alignment, Size) = (Math.Max(Alignment, alignment), start + (long)section.Size);
        if (Type != ElfSectionType.NoContent)
        {
            _bytes.AddRange(new byte[start - _bytes.Count]);
            _bytes.AddRange(section.Data.Span);
        }

        return new(this, start, false);
    }
}
