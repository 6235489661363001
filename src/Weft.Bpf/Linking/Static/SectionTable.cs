using Weft.Bpf.Elf;

namespace Weft.Bpf.Linking.Static;

/// <summary>Merges sections by their names: code, data and maps. What is only for debuggers is left out.</summary>
internal sealed class SectionTable
{
    // 65,280 and above mean something else in an index of a section; each may have one of relocations.
    private const int MaxSections = 30_000;

    private readonly Dictionary<string, LinkSection> _byName = [];

    public List<LinkSection> Sections { get; } = [];

    public void Add(LinkFile file)
    {
        foreach (var section in file.Elf.Sections.Where(IsTaken))
        {
            if (!_byName.TryGetValue(section.Name, out var target))
            {
                _byName[section.Name] = target = new(file, section, Sections.Count);
                Sections.Add(target);
            }

            file.Pieces[section.Index] = target.Append(file, section);
        }

        if (Sections.Count > MaxSections || Sections.Sum(s => s.Size) > ObjectSpec.MaxSize)
        {
            throw file.Error("the result has more sections or bytes than an object may have");
        }
    }

    private static bool IsTaken(ElfSection section) =>
        section.Type is ElfSectionType.Content or ElfSectionType.NoContent
        && section.Name is not (".BTF" or ".BTF.ext" or ".eh_frame" or ".comment" or "")
        && !section.Name.StartsWith(".debug", StringComparison.Ordinal)
        && !(section.IsCode && section.Size == 0);
}
