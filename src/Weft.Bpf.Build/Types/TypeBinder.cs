using System.Globalization;
using Weft.Bpf.Btf;
using Weft.Bpf.Build.Text;

namespace Weft.Bpf.Build.Types;

/// <summary>Gives types of C types of C#, and remembers which of them must be written.</summary>
internal sealed class TypeBinder(BtfSpec? types, NameScope scope)
{
    /// <summary>What has more bytes gets no type: values of it are no good on a stack.</summary>
    public const long MostBytes = 1 << 16;

    private const int MaxTypes = 4096;
    private const int MaxDepth = 16;

    private readonly Dictionary<uint, string?> _names = [];
    private readonly Dictionary<(string Element, uint Count), string> _arrays = [];
    private readonly Dictionary<uint, string> _views = [];
    private readonly Containment _containment = new(types);

    /// <summary>Structures, unions, enumerations and arrays to be written, in the order in which they were met.</summary>
    public Queue<BoundType> Open { get; } = [];

    public BtfSpec Types => types ?? throw new BpfFormatException("the object has no types; compile it with -g");

    /// <summary>The type of C#; null where there is none for it.</summary>
    public string? Name(uint id) => types is null || id == 0 ? null : Name(id, 0);

    /// <summary>The view of records of a structure.</summary>
    public string? View(uint id)
    {
        id = Types.Skip(id);
        if (_views.TryGetValue(id, out var view))
        {
            return view;
        }

        if (Name(id) is not { } name || Types.Get(id) is not BtfComposite composite)
        {
            return null;
        }

        view = scope.TakeExact(name + "View");
        _views.Add(id, view);
        Add(new BoundView(view, name, composite));
        return view;
    }

    /// <summary>An array of bytes without a meaning of its own.</summary>
    public string Bytes(uint count) => Array("byte", count, isText: false);

    private string? Name(uint id, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new BpfFormatException($"type {id} is too deep");
        }

        if (!_names.TryGetValue(id, out var name))
        {
            var bare = Types.Skip(id);
            name = bare != id && _names.TryGetValue(bare, out var known) ? known : Bind(id, bare, depth);
            _names[id] = name;
            if (Types.Get(bare) is BtfComposite or BtfEnum)
            {
                _names[bare] = name;
            }
        }

        return name;
    }

    private string? Bind(uint id, uint bare, int depth) => Types.Get(bare) switch
    {
        BtfInt number => Numbers.Name(number),
        BtfFloat number => Numbers.Name(number) ?? (number.Size is > 0 and <= 64 ? Bytes(number.Size) : null),
        BtfReference { Kind: BtfKind.Pointer } => "ulong",
        BtfEnum { Name: "", Values.Length: <= 1 } or BtfEnum { Size: not (1 or 2 or 4 or 8) } => null,
        BtfEnum type => Declare(id, type, name => new BoundEnum(name, type)),
        BtfArray { Count: > 0 } type when Fits(bare) && Name(type.Element, depth + 1) is { } element =>
            Array(element, type.Count, Numbers.IsChar(Types, type.Element)),
        BtfComposite type when Fits(bare) && _containment.Check(bare) => Declare(id, type, name => new BoundComposite(name, type)),
        _ => null,
    };

    private bool Fits(uint id) => Types.SizeOf(id) is > 0 and <= MostBytes;

    private string Declare(uint id, BtfType type, Func<string, BoundType> make)
    {
        var name = scope.Take(type.Name.Length > 0 ? type.Name : AliasOf(id) ?? "Unnamed");
        Add(make(name));
        return name;
    }

    // typedef struct { … } name: the name nearest to it.
    private string? AliasOf(uint id)
    {
        string? name = null;
        for (var depth = 0; depth < MaxDepth && Types.Get(id) is BtfReference { Kind: not BtfKind.Pointer } type; depth++)
        {
            name = type.Kind == BtfKind.Typedef ? type.Name : name;
            id = type.Target;
        }

        return name;
    }

    private string Array(string element, uint count, bool isText)
    {
        var key = (isText ? "char" : element, count);
        if (!_arrays.TryGetValue(key, out var name))
        {
            var of = isText ? "Text" : Numbers.Title(element) + "Array";
            name = scope.TakeExact(string.Create(CultureInfo.InvariantCulture, $"{of}{count}"));
            _arrays.Add(key, name);
            Add(new BoundArray(name, element, count, isText));
        }

        return name;
    }

    private void Add(BoundType type)
    {
        if (_names.Count + _arrays.Count > MaxTypes * 4 || Open.Count > MaxTypes)
        {
            throw new BpfFormatException($"more than {MaxTypes} types are used");
        }

        Open.Enqueue(type);
    }
}
