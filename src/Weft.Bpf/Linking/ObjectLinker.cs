using Weft.Bpf.Linking.Static;

namespace Weft.Bpf;

/// <summary>
/// Links objects to one, as <c>bpftool gen object</c> does: functions, variables and maps that one object declares as
/// <c>extern</c> are found in another. What no object defines stays open, so the result can be linked further; what is taken from
/// the kernel stays for the loader. Needs no kernel and no rights.
/// </summary>
public static class ObjectLinker
{
    /// <summary>Links objects.</summary>
    /// <param name="objects">The objects, each with the name by which errors name it, in the order in which their parts shall stand.</param>
    /// <returns>The bytes of a relocatable object, which any loader of eBPF takes.</returns>
    /// <exception cref="BpfFormatException">
    /// One is no object or damaged, two define the same or do not mean the same by a name, or they are of different byte orders.
    /// </exception>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static byte[] Link(IEnumerable<(string Name, ReadOnlyMemory<byte> Bytes)> objects)
    {
        var files = objects.Select(o => LinkFile.Read(o.Name, o.Bytes)).ToList();
        if (files.Count == 0)
        {
            throw new ArgumentException("There is nothing to link.", nameof(objects));
        }

        try
        {
            return Link(files);
        }
        catch (OverflowException e)
        {
            throw new BpfFormatException("a size or place in the objects is too large", e);
        }
    }

    private static byte[] Link(List<LinkFile> files)
    {
        var isBigEndian = files[0].Elf.IsBigEndian;
        var (sections, symbols) = (new SectionTable(), new SymbolTable());
        foreach (var file in files)
        {
            if (file.Elf.IsBigEndian != isBigEndian)
            {
                throw file.Error($"it is of another byte order than {files[0].Name}; compile all for one target, bpfel or bpfeb");
            }

            sections.Add(file);
            symbols.Add(file);
        }

        symbols.NameApart();
        foreach (var file in files)
        {
            RelocationMerger.Add(file, symbols);
        }

        var writer = new ElfWriter(isBigEndian);
        if (files.TrueForAll(f => f.Types is null))
        {
            return writer.Write(sections.Sections, symbols.Symbols);
        }

        var types = new TypeMerger(files, symbols);
        var (btf, extensions) = new TypeWriter(files, sections.Sections, types, isBigEndian).Write();
        return writer.Write(sections.Sections, symbols.Symbols, (".BTF", btf), (".BTF.ext", extensions));
    }
}
