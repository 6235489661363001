using System.Runtime.InteropServices;

namespace Weft.Bpf.Btf;

/// <summary>Fills in where variables are, which a compiler leaves open, and hides functions that are hidden.</summary>
internal static class BtfSections
{
    private const string Kconfig = ".kconfig";
    private const string Ksyms = ".ksyms";

    public static void Fill(BtfEdit edit, BtfLayout layout)
    {
        for (var id = edit.File.FirstId; id < edit.File.EndId; id++)
        {
            if (edit.Kind(id) == BtfKind.Function && edit.Count(id) == (uint)BtfLinkage.Global && layout.IsHidden(edit.File.NameOf(id)))
            {
                edit.SetKind(id, BtfKind.Function, (uint)BtfLinkage.Static);
            }
            else if (edit.Kind(id) == BtfKind.DataSection)
            {
                Fill(edit, id, edit.File.NameOf(id), layout);
            }
        }
    }

    private static void Fill(BtfEdit edit, uint id, string section, BtfLayout layout)
    {
        if (section == Ksyms)
        {
            BtfExterns.Replace(edit, id);
            return;
        }

        // A static linker has filled in the rest already.
        var isOpen = edit.Value(id) == 0 || section == Kconfig;
        if (isOpen)
        {
            edit.Value(id) = layout.SectionSize(section) is { } size and > 0
                ? size
                : throw new BpfFormatException($"the section {section} has variables, and is not in the object or empty");
        }

        foreach (ref var place in Places(edit, id))
        {
            if (edit.Kind(place.Type) == BtfKind.Variable)
            {
                Fill(edit, ref place, section, layout, isOpen);
            }
        }

        Places(edit, id).Sort((a, b) => a.Offset.CompareTo(b.Offset));
    }

    private static void Fill(BtfEdit edit, ref BtfSectionVariable place, string section, BtfLayout layout, bool isOpen)
    {
        ref var linkage = ref edit.Tail(place.Type)[0];
        var name = edit.File.NameOf(place.Type);
        if (linkage == (uint)BtfLinkage.Static || name.Length == 0)
        {
            return;
        }

        if (isOpen)
        {
            place = place with
            {
                Offset = layout.VariableOffset(section, name)
                    ?? throw new BpfFormatException($"the variable {name} of the section {section} is not in the object"),
            };
        }

        linkage = (uint)(section == Kconfig ? BtfLinkage.Global : layout.IsHidden(name) ? BtfLinkage.Static : (BtfLinkage)linkage);
    }

    // Such a place is three numbers, in this order.
    private static Span<BtfSectionVariable> Places(BtfEdit edit, uint id) =>
        MemoryMarshal.Cast<uint, BtfSectionVariable>(edit.Tail(id));
}
