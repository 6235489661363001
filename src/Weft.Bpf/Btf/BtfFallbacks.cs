using System.Runtime.InteropServices;

namespace Weft.Bpf.Btf;

/// <summary>What stands for kinds of types that a kernel does not know: others whose records have the same size.</summary>
internal static class BtfFallbacks
{
    private const int PartWords = 3;

    public static void Apply(BtfEdit edit, BtfFeatures features)
    {
        var placeholder = 0u;
        for (var (id, end) = (edit.File.FirstId, edit.EndId); id < end; id++)
        {
            switch (edit.Kind(id))
            {
                case BtfKind.Variable when !features.HasFlag(BtfFeatures.DataSections):
                case BtfKind.DeclarationTag when !features.HasFlag(BtfFeatures.DeclarationTags):
                    // A larger one would not fit where the variable is smaller.
                    (edit.Value(id), edit.Tail(id)[0]) = (1, 8);
                    edit.SetKind(id, BtfKind.Int, 0);
                    break;
                case BtfKind.DataSection when !features.HasFlag(BtfFeatures.DataSections):
                    ToStruct(edit, id);
                    break;
                case BtfKind.DataSection when !features.HasFlag(BtfFeatures.QuestionMarks):
                    Rename(edit, id, name => name.Replace('?', '_'));
                    break;
                case BtfKind.Prototype when !features.HasFlag(BtfFeatures.Functions):
                    ToEnum(edit, id);
                    break;
                case BtfKind.Function when !features.HasFlag(BtfFeatures.Functions):
                    edit.SetKind(id, BtfKind.Typedef, 0);
                    break;
                case BtfKind.Function when !features.HasFlag(BtfFeatures.GlobalFunctions):
                    edit.SetKind(id, BtfKind.Function, (uint)BtfLinkage.Static);
                    break;
                case BtfKind.Float when !features.HasFlag(BtfFeatures.Floats):
                    // No structure may be called as a number is.
                    edit.Name(id) = 0;
                    edit.SetKind(id, BtfKind.Struct, 0);
                    break;
                case BtfKind.TypeTag when !features.HasFlag(BtfFeatures.TypeTags):
                    edit.Name(id) = 0;
                    edit.SetKind(id, BtfKind.Const, 0);
                    break;
                case BtfKind.Enum when !features.HasFlag(BtfFeatures.Enum64):
                    edit.SetKind(id, BtfKind.Enum, edit.Count(id));
                    break;
                case BtfKind.Enum64 when !features.HasFlag(BtfFeatures.Enum64):
                    placeholder = placeholder == 0 ? edit.Add(new BtfInt(0, "enum64_placeholder", 1, BtfIntEncoding.None, 8, 0)) : placeholder;
                    ToUnion(edit, id, placeholder);
                    break;
            }
        }
    }

    // Name, type: name, value. Values of an enumeration must have names.
    private static void ToEnum(BtfEdit edit, uint id)
    {
        var name = edit.AddText("_");
        foreach (ref var part in MemoryMarshal.Cast<uint, (uint Name, uint Value)>(edit.Tail(id)))
        {
            part.Name = part.Name == 0 ? name : part.Name;
        }

        edit.Value(id) = sizeof(int);
        edit.SetKind(id, BtfKind.Enum, edit.Count(id));
    }

    // Type, offset, size: name, type, offset in bits.
    private static void ToStruct(BtfEdit edit, uint id)
    {
        var parts = edit.Tail(id);
        for (var i = 0; i < parts.Length; i += PartWords)
        {
            (parts[i], parts[i + 1], parts[i + 2]) = (edit.Name(parts[i]), parts[i], parts[i + 1] * 8);
        }

        edit.SetKind(id, BtfKind.Struct, edit.Count(id));
        Rename(edit, id, name => name.Replace('.', '_').Replace('?', '_'));
    }

    // Name, low half, high half: name, type, offset.
    private static void ToUnion(BtfEdit edit, uint id, uint type)
    {
        var parts = edit.Tail(id);
        for (var i = 0; i < parts.Length; i += PartWords)
        {
            (parts[i + 1], parts[i + 2]) = (type, 0);
        }

        edit.SetKind(id, BtfKind.Union, edit.Count(id));
    }

    private static void Rename(BtfEdit edit, uint id, Func<string, string> change)
    {
        var name = edit.File.NameOf(id);
        if (change(name) is var other && other != name)
        {
            edit.Name(id) = edit.AddText(other);
        }
    }
}
