using System.Runtime.InteropServices;

namespace Weft.Bpf.Btf;

/// <summary>
/// A kernel knows no section of what is defined elsewhere. Each variable and function of <c>.ksyms</c> becomes a number of
/// four bytes there, one after another, as libbpf has it; programs do not read them.
/// </summary>
internal static class BtfExterns
{
    private const uint Size = sizeof(int);
    private const string Dummy = "dummy_ksym";

    public static void Replace(BtfEdit edit, uint section)
    {
        var (number, dummy) = (0u, 0u);
        var prototypes = new HashSet<uint>();
        for (var i = 0; i < (int)edit.Count(section); i++)
        {
            var type = Places(edit, section)[i].Type;
            number = number == 0 ? Number(edit) : number;
            if (edit.Kind(type) == BtfKind.Function)
            {
                dummy = dummy == 0 ? edit.Add(new BtfVariable(0, Dummy, number, BtfLinkage.Global)) : dummy;
                Define(edit, type, edit.Name(dummy), prototypes);
                type = dummy;
            }
            else if (edit.Kind(type) == BtfKind.Variable)
            {
                (edit.Value(type), edit.Tail(type)[0]) = (number, (uint)BtfLinkage.Global);
            }

            Places(edit, section)[i] = new(type, (uint)i * Size, Size);
        }

        edit.Value(section) = edit.Count(section) * Size;
    }

    // A function that is global must have names of all parameters.
    private static void Define(BtfEdit edit, uint function, uint name, HashSet<uint> prototypes)
    {
        edit.SetKind(function, BtfKind.Function, (uint)BtfLinkage.Global);
        var prototype = edit.Value(function);
        if (edit.Kind(prototype) != BtfKind.Prototype)
        {
            throw new BpfFormatException($"the function {edit.File.NameOf(function)} has no prototype");
        }

        // Functions of the same type share one.
        if (!prototypes.Add(prototype))
        {
            return;
        }

        foreach (ref var parameter in MemoryMarshal.Cast<uint, (uint Name, uint Type)>(edit.Tail(prototype)))
        {
            if (parameter is { Name: 0, Type: not 0 })
            {
                parameter.Name = name;
            }
        }
    }

    private static uint Number(BtfEdit edit)
    {
        for (var id = edit.File.FirstId; id < edit.File.EndId; id++)
        {
            if (edit.Kind(id) == BtfKind.Int && edit.File.Get(id) is BtfInt { Size: Size, Bits: 32, Offset: 0 })
            {
                return id;
            }
        }

        return edit.Add(new BtfInt(0, "int", Size, BtfIntEncoding.Signed, 32, 0));
    }

    private static Span<BtfSectionVariable> Places(BtfEdit edit, uint section) =>
        MemoryMarshal.Cast<uint, BtfSectionVariable>(edit.Tail(section));
}
