using Weft.Bpf.Btf;

namespace Weft.Bpf.Linking.Static;

/// <summary>What a number in the record of a type is.</summary>
internal enum TypeRole
{
    Number,
    Text,
    Type,
}

/// <summary>Tells of each number in a record whether it names a string or another type.</summary>
internal static class TypeRoles
{
    private const int Head = 3;

    /// <param name="index">The number's place in the record, its head with it.</param>
    public static TypeRole Of(BtfKind kind, int index) => index switch
    {
        0 => TypeRole.Text,
        1 => TypeRole.Number,
        2 => LeadsOn(kind) ? TypeRole.Type : TypeRole.Number,
        _ when Tail(kind) is { Length: > 0 } tail => tail[(index - Head) % tail.Length] switch
        {
            'x' => TypeRole.Text,
            't' => TypeRole.Type,
            _ => TypeRole.Number,
        },
        _ => TypeRole.Number,
    };

    private static bool LeadsOn(BtfKind kind) => kind is BtfKind.Pointer or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const
        or BtfKind.Restrict or BtfKind.Function or BtfKind.Prototype or BtfKind.Variable or BtfKind.DeclarationTag or BtfKind.TypeTag;

    // Of each part: a text, a type, a number.
    private static string Tail(BtfKind kind) => kind switch
    {
        BtfKind.Array => "ttn",
        BtfKind.Struct or BtfKind.Union => "xtn",
        BtfKind.Enum => "xn",
        BtfKind.Enum64 => "xnn",
        BtfKind.Prototype => "xt",
        BtfKind.DataSection => "tnn",
        _ => "",
    };
}
