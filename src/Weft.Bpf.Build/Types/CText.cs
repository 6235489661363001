using Weft.Bpf.Btf;

namespace Weft.Bpf.Build.Types;

/// <summary>Declarations of C for the documentation, of one line.</summary>
internal static class CText
{
    private const int MaxDepth = 12;

    /// <summary><c>char comm[16]</c>.</summary>
    public static string Of(BtfSpec types, uint id, string name) =>
        IsShort(types, id) ? BtfText.Name(types, id, name) : $"... {name}";

    /// <summary><c>struct event</c>; a type without a name is told by its kind.</summary>
    public static string Title(BtfType type)
    {
        var word = type.Kind switch { BtfKind.Struct => "struct", BtfKind.Union => "union", _ => "enum" };
        return type.Name.Length == 0 ? $"{word} {{ ... }}" : $"{word} {type.Name}";
    }

    // What has no name would be written with all that is in it.
    private static bool IsShort(BtfSpec types, uint id)
    {
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            switch (types.Get(id))
            {
                case BtfReference { Kind: not BtfKind.Typedef } type:
                    id = type.Target;
                    break;
                case BtfArray type:
                    id = type.Element;
                    break;
                case BtfPrototype:
                    return false;
                case var type:
                    return type is BtfVoid || type.Name.Length > 0;
            }
        }

        return false;
    }
}
