using Weft.Bpf.Btf;

namespace Weft.Bpf.Linking.Static;

/// <summary>The types of all objects, one behind the other, with the strings of the result. Ids begin at 1.</summary>
internal sealed class TypeGraph
{
    private const int MaxText = 1 << 16;
    private const int HeadWords = BtfRecord.HeadSize / sizeof(uint);

    private readonly List<uint> _words = [];
    private readonly List<int> _starts = [0, 0];
    private readonly Dictionary<LinkFile, uint> _bases = [];
    private readonly Dictionary<LinkFile, Dictionary<uint, uint>> _texts = [];

    public BtfStrings Strings { get; } = new();

    public uint EndId => (uint)_starts.Count - 1;

    public int WordCount => _words.Count;

    /// <summary>The record of a type.</summary>
    public Span<uint> this[uint id] => _words.Span()[_starts[(int)id].._starts[(int)id + 1]];

    public BtfKind KindOf(uint id) => id == 0 ? BtfKind.Void : new BtfRecord(0, this[id][1], 0).Kind;

    /// <summary>The id here of a type of an object.</summary>
    public uint Id(LinkFile file, uint id) => id < file.Types!.EndId
        ? id == 0 ? 0 : id + _bases[file]
        : throw file.Error($"there is no type {id}");

    public void Add(LinkFile file)
    {
        if (file.Types is not { } types)
        {
            return;
        }

        _bases[file] = EndId - 1;
        if (EndId + (long)types.Count > BtfSpec.MaxTypes)
        {
            throw file.Error($"the objects have more than {BtfSpec.MaxTypes} types");
        }

        for (var id = types.FirstId; id < types.EndId; id++)
        {
            Add(file, types.Record(id, out var tail), tail);
        }
    }

    /// <summary>The place in <see cref="Strings"/> of a string of an object.</summary>
    public uint Text(LinkFile file, uint at)
    {
        if (!_texts.TryGetValue(file, out var texts))
        {
            _texts[file] = texts = [];
        }

        if (!texts.TryGetValue(at, out var place))
        {
            texts[at] = place = AddText(file, System.Text.Encoding.UTF8.GetString(file.Types!.StringAt(at, MaxText)));
        }

        return place;
    }

    /// <summary>Adds a string.</summary>
    public uint AddText(LinkFile file, string text)
    {
        try
        {
            return Strings.Add(text);
        }
        catch (ArgumentException e)
        {
            throw new BpfFormatException($"{file.Name}: {e.Message}", e);
        }
    }

    private void Add(LinkFile file, BtfRecord record, BoundedReader tail)
    {
        uint[] head = [record.NameAt, record.Info, record.SizeOrType];
        for (var i = 0; i < HeadWords + (tail.Length / sizeof(uint)); i++)
        {
            var word = i < HeadWords ? head[i] : tail.UInt32((i - HeadWords) * sizeof(uint));
            _words.Add(TypeRoles.Of(record.Kind, i) switch
            {
                TypeRole.Text => Text(file, word),
                TypeRole.Type => Id(file, word),
                _ => word,
            });
        }

        _starts.Add(_words.Count);
    }
}
