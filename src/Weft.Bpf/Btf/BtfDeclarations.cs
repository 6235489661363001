using System.Globalization;
using System.Text;

namespace Weft.Bpf.Btf;

/// <summary>
/// Writes declarations from the inside out, as C has them: the name, then what it is an array of, points to or returns, and
/// the type at the far left last. Damaged types may be as deep and wide as they like: both have an end here. Open for headers, which
/// are compiled, and therefore call some things otherwise.
/// </summary>
internal class BtfDeclarations(BtfSpec types)
{
    private const int MaxDepth = 32;
    private const int MaxLength = 1 << 20;
    private const int MaxSteps = 1 << 16;
    private const int Indent = 4;

    private readonly StringBuilder _text = new();
    private int _steps;
    private int _length;
    private int _depth;
    private int _bodies;

    public override string ToString() => _text.ToString();

    public void Append(string text)
    {
        _text.Append(text);
        _length += text.Length;
        if (_length > MaxLength)
        {
            throw TooLarge();
        }
    }

    /// <summary>Writes a declaration without its semicolon.</summary>
    /// <param name="id">The type.</param>
    /// <param name="declared">What is declared, as far as it is written: a name, <c>*name</c>, <c>(*name)[3]</c>; may be empty.</param>
    public void Declare(uint id, string declared)
    {
        Enter();
        switch (Shown(id))
        {
            case BtfReference { Kind: BtfKind.Pointer } type:
                Declare(type.Target, IsSuffixed(type.Target) ? $"(*{declared})" : $"*{declared}");
                break;
            case BtfReference { Kind: BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict } type:
                Qualified(type, declared);
                break;
            case BtfReference { Kind: BtfKind.TypeTag } type:
                Declare(type.Target, declared);
                break;
            case BtfArray type:
                Declare(type.Element, string.Create(CultureInfo.InvariantCulture, $"{declared}[{type.Count}]"));
                break;
            case BtfPrototype type:
                Declare(type.Result, $"{declared}({Parameters(type)})");
                break;
            case null:
                Append($"{Word(types.KindOf(id))} {NameOf(id)}{(declared.Length == 0 ? "" : " ")}{declared}");
                break;
            case var type:
                Define(type);
                Append(declared.Length == 0 ? "" : $" {declared}");
                break;
        }

        _depth--;
    }

    /// <summary>Writes a type with all that it consists of, where it has a name as well.</summary>
    public void Define(BtfType type)
    {
        switch (type)
        {
            case BtfComposite t:
                Append(Title(Word(t.Kind), NameOf(t.Id)));
                Members(t);
                break;
            case BtfEnum t:
                Append(Title(Word(t.Kind), NameOf(t.Id)));
                Values(t);
                break;
            case BtfForward t:
                Append(Title(t.IsUnion ? "union" : "struct", NameOf(t.Id)));
                break;
            case BtfVoid:
                Append("void");
                break;
            default:
                Append(NameOf(type.Id) is { Length: > 0 } name ? name : $"/* {type.Kind} without a name */");
                break;
        }
    }

    protected virtual string NameOf(uint id) => types.NameOf(id);

    protected virtual void Members(BtfComposite type) => Body(type.Members, Member);

    protected virtual void Values(BtfEnum type) => Body(type.Values, value => Append(Value(type, value)));

    private void Qualified(BtfReference type, string declared)
    {
        var word = type.Kind switch { BtfKind.Const => "const", BtfKind.Volatile => "volatile", _ => "restrict" };
        var rest = type.Target;
        for (var i = 0; i < MaxDepth && IsQualifier(types.KindOf(rest)); i++)
        {
            rest = Target(rest);
        }

        // What qualifies a pointer stands on its right side.
        if (types.KindOf(rest) == BtfKind.Pointer)
        {
            Declare(type.Target, declared.Length == 0 ? word : $"{word} {declared}");
            return;
        }

        // gcc says of an array what it says of its elements as well.
        Append(types.KindOf(rest) == BtfKind.Array ? "" : $"{word} ");
        Declare(type.Target, declared);
    }

    private bool IsSuffixed(uint id)
    {
        for (var i = 0; i < MaxDepth && IsQualifier(types.KindOf(id)); i++)
        {
            id = Target(id);
        }

        return types.KindOf(id) is BtfKind.Array or BtfKind.Prototype;
    }

    private uint Target(uint id) => types.Get(id) is BtfReference { Target: var target } ? target : 0;

    // A type that is only named is not decoded: it may have many members, and be named often.
    private BtfType? Shown(uint id) => types.KindOf(id) switch
    {
        BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 when !types.NameBytes(id).IsEmpty => null,
        BtfKind.DataSection => throw new BpfFormatException($"nothing is of type {id}, which is a section"),
        _ => types.Get(id),
    };

    protected void Body<T>(IReadOnlyList<T> parts, Action<T> write)
    {
        Append(" {\n");
        _bodies++;
        foreach (var part in parts)
        {
            _text.Append(' ', _bodies * Indent);
            write(part);
            Append("\n");
        }

        _bodies--;
        _text.Append(' ', _bodies * Indent);
        Append("}");
    }

    protected void Member(BtfMember member)
    {
        Declare(member.Type, member.Name);
        Append(member.BitSize == 0 ? ";" : string.Create(CultureInfo.InvariantCulture, $" : {member.BitSize};"));
    }

    private string Parameters(BtfPrototype type)
    {
        // clang tells of (void) as of a parameter without type.
        if (type.Parameters is [] or [{ Type: 0, Name: "" }])
        {
            return "void";
        }

        var parts = new List<string>(type.Parameters.Length);
        foreach (var parameter in type.Parameters)
        {
            parts.Add(parameter is { Type: 0, Name: "" } ? "..." : Apart(parameter));
        }

        return string.Join(", ", parts);
    }

    // The parameters stand in the middle of a declaration whose left side is written later.
    private string Apart(BtfParameter parameter)
    {
        var start = _text.Length;
        Declare(parameter.Type, parameter.Name);
        var text = _text.ToString(start, _text.Length - start);
        _text.Length = start;
        return text;
    }

    private void Enter()
    {
        if (++_depth > MaxDepth || ++_steps > MaxSteps)
        {
            throw TooLarge();
        }
    }

    private static bool IsQualifier(BtfKind kind) =>
        kind is BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag;

    private static string Word(BtfKind kind) => kind switch
    {
        BtfKind.Struct => "struct",
        BtfKind.Union => "union",
        _ => "enum",
    };

    private static string Title(string word, string name) => name.Length == 0 ? word : $"{word} {name}";

    private static string Value(BtfEnum type, BtfEnumerator value) => type.IsSigned
        ? string.Create(CultureInfo.InvariantCulture, $"{value.Name} = {(long)value.Value},")
        : string.Create(CultureInfo.InvariantCulture, $"{value.Name} = {value.Value},");

    private static BpfFormatException TooLarge() => new("the types are too deep or too large for a declaration");
}
