using System.Text;
using Weft.Bpf.Btf;
using Weft.Bpf.Elf;

namespace Weft.Bpf.Specs.Reading;

/// <summary>Reads an object: types, then maps and data, what it takes from the kernel, and code.</summary>
internal static class ObjectReader
{
    private const uint AnyVersion = 0xFFFFFFFE;

    public static ObjectSpec Read(ReadOnlyMemory<byte> file, string name)
    {
        try
        {
            return ReadParts(file, name);
        }
        catch (OverflowException e)
        {
            throw new BpfFormatException($"{name}: a size or place in it is too large", e);
        }
    }

    private static ObjectSpec ReadParts(ReadOnlyMemory<byte> file, string name)
    {
        var elf = ElfFile.Parse(file);
        var spec = new ObjectSpec(name, elf.IsBigEndian) { File = file, License = License(elf), KernelVersion = Version(elf) };
        ReadPlaces(elf, spec);
        var extensions = BtfExtensions.None;
        if (elf.Find(".BTF") is { Data.Length: > 0 } types)
        {
            spec.Types = BtfSpec.Parse(types.Data);
            extensions = elf.Find(".BTF.ext") is { Data.Length: > 0 } more ? BtfExtensions.Parse(more.Data, spec.Types) : extensions;
        }

        var maps = new MapReader(elf, spec);
        maps.Read();
        LegacyMapReader.Read(elf, spec, maps);
        DataReader.Read(elf, spec);
        ArenaReader.Read(elf, spec);
        ExternReader.Read(elf, spec);
        new CodeReader(elf, spec, maps, extensions).Read();
        maps.ReadContents();
        StructOpsReader.Read(elf, spec);
        return spec;
    }

    // What the types do not know, which clang leaves at zero in them.
    private static void ReadPlaces(ElfFile elf, ObjectSpec spec)
    {
        foreach (var section in elf.Sections)
        {
            spec.SectionSizes[section.Name] = (uint)Math.Min(section.Size, uint.MaxValue);
        }

        foreach (var symbol in elf.Symbols.Where(s => s.Section > 0 && s.Section < elf.Sections.Length && s.Name.Length > 0))
        {
            if (symbol.Binding != ElfBinding.Local)
            {
                spec.Places[(elf.Sections[symbol.Section].Name, symbol.Name)] = (uint)Math.Min(symbol.Value, uint.MaxValue);
            }

            if (symbol.IsHidden)
            {
                spec.Hidden.Add(symbol.Name);
            }
        }
    }

    private static string License(ElfFile elf) => elf.Find("license") is { } section
        ? Encoding.UTF8.GetString(section.Data.Span[..Math.Max(section.Data.Span.IndexOf((byte)0), 0)])
        : "";

    private static uint Version(ElfFile elf)
    {
        if (elf.Find("version") is not { } section)
        {
            return 0;
        }

        var version = new BoundedReader(section.Data.Span, elf.IsBigEndian, "version").UInt32(0);
        return version == AnyVersion ? 0 : version;
    }
}
