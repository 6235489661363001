using System.Globalization;

namespace Weft.Bpf.Btf;

/// <summary>Types as C declares them.</summary>
public static class BtfText
{
    /// <summary>
    /// The declaration of a type: a structure with its members, an enumeration with its values, a function with its
    /// parameters, a section with its variables. Lines end with <c>\n</c>, but not the last.
    /// </summary>
    /// <exception cref="BpfFormatException">The types are damaged, or lead in a circle, or the text would be too long.</exception>
    public static string Declaration(BtfSpec types, uint id)
    {
        var writer = new BtfDeclarations(types);
        switch (types.Get(id))
        {
            case BtfComposite or BtfEnum or BtfForward:
                writer.Define(types.Get(id));
                writer.Append(";");
                break;
            case BtfReference { Kind: BtfKind.Typedef } type:
                writer.Append("typedef ");
                writer.Declare(type.Target, type.Name);
                writer.Append(";");
                break;
            case BtfFunction function:
                writer.Append(LinkageOf(function.Linkage));
                writer.Declare(function.Prototype, function.Name);
                writer.Append(";");
                break;
            case BtfVariable variable:
                Variable(writer, variable);
                break;
            case BtfDataSection section:
                Section(types, writer, section);
                break;
            case BtfDeclarationTag tag:
                writer.Append($"__attribute__((btf_decl_tag(\"{tag.Name}\"))) /* of {types.NameOf(tag.Target)} */");
                break;
            default:
                writer.Declare(id, "");
                break;
        }

        return writer.ToString();
    }

    /// <summary>A type as it stands in a cast: <c>struct task_struct *</c>, <c>int (*)(void *)</c>.</summary>
    /// <exception cref="BpfFormatException">The types are damaged, or lead in a circle, or the text would be too long.</exception>
    public static string Name(BtfSpec types, uint id) => Name(types, id, "");

    /// <summary>A declaration of one name without its end: <c>char comm[16]</c>.</summary>
    /// <inheritdoc cref="Name(BtfSpec, uint)"/>
    public static string Name(BtfSpec types, uint id, string declared)
    {
        var writer = new BtfDeclarations(types);
        writer.Declare(id, declared);
        return writer.ToString();
    }

    private static string LinkageOf(BtfLinkage linkage) => linkage switch
    {
        BtfLinkage.Static => "static ",
        BtfLinkage.Extern => "extern ",
        _ => "",
    };

    private static void Variable(BtfDeclarations writer, BtfVariable variable)
    {
        writer.Append(LinkageOf(variable.Linkage));
        writer.Declare(variable.Type, variable.Name);
        writer.Append(";");
    }

    private static void Section(BtfSpec types, BtfDeclarations writer, BtfDataSection section)
    {
        writer.Append(string.Create(CultureInfo.InvariantCulture, $"/* {section.Name}: {section.Size} bytes */"));
        foreach (var place in section.Variables)
        {
            writer.Append(string.Create(CultureInfo.InvariantCulture, $"\n/* {place.Offset,5} */ "));
            if (types.Get(place.Type) is BtfVariable variable)
            {
                Variable(writer, variable);
            }
            else
            {
                writer.Append($"{types.NameOf(place.Type)};");
            }
        }
    }
}
