using Weft.Bpf.Btf;
using Weft.Bpf.Elf;

namespace Weft.Bpf.Specs.Reading;

/// <summary>Reads the variables that lie in an arena: they are what it holds from the beginning, at its start.</summary>
internal static class ArenaReader
{
    /// <summary>The section that clang puts variables of <c>__attribute__((address_space(1)))</c> into.</summary>
    public const string SectionName = ".addr_space.1";

    private const ulong MaxSize = 64 << 20;

    public static void Read(ElfFile elf, ObjectSpec spec)
    {
        if (spec.Maps.Values.Where(m => m.Type == MapType.Arena).Skip(1).FirstOrDefault() is { } second)
        {
            throw new BpfFormatException($"map {second.Name} is the second arena; an object may have one");
        }

        var sections = elf.Sections.Where(s => s.Name == SectionName && s.Size > 0).ToList();
        if (sections is not [var section, ..])
        {
            return;
        }

        if (sections.Count > 1 || Arena(spec) is not { } map)
        {
            throw new BpfFormatException($"{SectionName}: there are variables in an arena, but not one arena");
        }

        if (section.Size > MaxSize)
        {
            throw new BpfFormatException($"{SectionName}: {section.Size} bytes are too many; variables in an arena may have {MaxSize}");
        }

        var bytes = new byte[section.Size];
        section.Data.Span.CopyTo(bytes);
        map.Contents.Add(new(default, bytes));
        DataReader.AddVariables(elf, spec, section, map, spec.Types?.Find<BtfDataSection>(SectionName, BtfKind.DataSection));
    }

    /// <summary>The arena of an object; null where it has none.</summary>
    public static MapSpec? Arena(ObjectSpec spec) => spec.Maps.Values.FirstOrDefault(m => m.Type == MapType.Arena);
}
