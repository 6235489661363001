using System.Collections.Frozen;
using System.Globalization;

namespace Weft.Bpf.Btf;

/// <summary>
/// What types are called in a header. A kernel is made of many files, in which one name may stand for several things: the
/// first keeps it, others get <c>___2</c> behind it, which CO-RE overlooks. Structures, unions and enumerations have names
/// of their own beside those of typedefs, functions and values.
/// </summary>
internal sealed class BtfHeaderNames
{
    private static readonly FrozenSet<string> Keywords = new[]
    {
        "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float", "for",
        "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct",
        "switch", "typedef", "typeof", "union", "unsigned", "void", "volatile", "while", "asm", "_Bool", "_Complex", "_Atomic",
        "_Alignas", "_Alignof", "_Generic", "_Imaginary", "_Noreturn", "_Static_assert", "_Thread_local",
    }.ToFrozenSet();

    // The compiler has them itself, and may have others behind them than the kernel's.
    private static readonly string[] Builtin =
    [
        "__builtin_va_list", "__int128", "__int128_t", "__uint128_t", "__fp16", "__bf16", "__float128", "_Float16", "_Float32",
        "_Float64", "_Float128", "_Float32x", "_Float64x",
    ];

    private readonly BtfSpec _types;
    private readonly Dictionary<uint, string> _names = [];
    private readonly HashSet<string> _tags = [];
    private readonly HashSet<string> _others = [.. Builtin];
    private readonly Dictionary<string, int> _counts = [];

    public BtfHeaderNames(BtfSpec types, IEnumerable<string> functions)
    {
        _types = types;
        _others.UnionWith(functions);
        Dictionary<(bool IsUnion, string Name), string> known = [];
        for (uint id = 1; id < types.EndId; id++)
        {
            var (kind, name) = (types.KindOf(id), types.NameOf(id));
            switch (kind)
            {
                case BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 when name.Length > 0:
                    _names[id] = Free(_tags, name);
                    known.TryAdd((kind == BtfKind.Union, name), _names[id]);
                    break;
                case BtfKind.Typedef:
                    _names[id] = Free(_others, name);
                    break;
                case BtfKind.Int or BtfKind.Float:
                    _names[id] = BtfHeaderBase.BuiltinName(types.Get(id)) ?? Free(_others, name);
                    break;
            }
        }

        // What is only declared is what is defined elsewhere under this name.
        for (uint id = 1; id < types.EndId; id++)
        {
            if (types.KindOf(id) == BtfKind.Forward)
            {
                var key = (((BtfForward)types.Get(id)).IsUnion, types.NameOf(id));
                known[key] = _names[id] = known.TryGetValue(key, out var defined) ? defined : Free(_tags, key.Item2);
            }
        }
    }

    public string Of(uint id) => _names.TryGetValue(id, out var name) ? name : _types.NameOf(id);

    /// <summary>A name for an enumeration's value.</summary>
    public string Take(string name) => Free(_others, name);

    /// <summary>A name as C allows it; it may be empty.</summary>
    public static string Identifier(string name)
    {
        if (Keywords.Contains(name))
        {
            return name + "_";
        }

        return name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && (name.Length == 0 || !char.IsAsciiDigit(name[0]))
            ? name
            : "_" + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
    }

    private string Free(HashSet<string> taken, string name)
    {
        var first = name.Length == 0 ? "_" : Identifier(name);
        for (var free = first; ;)
        {
            if (taken.Add(free))
            {
                return free;
            }

            // Counted on, for a file may have a million of one name.
            _counts[first] = _counts.GetValueOrDefault(first, 1) + 1;
            free = string.Create(CultureInfo.InvariantCulture, $"{first}___{_counts[first]}");
        }
    }
}
