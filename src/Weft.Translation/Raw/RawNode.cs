namespace Weft.Translation.Raw;

/// <summary>A place in a text, both from 1.</summary>
internal readonly record struct TextMark(int Line, int Column);

/// <summary>A YAML node with its place. JSON is read as the YAML it is.</summary>
internal abstract record RawNode(TextMark Mark)
{
    /// <summary>How many levels lie below, itself included.</summary>
    public virtual int Height => 1;

    /// <summary>How many nodes it stands for, itself included.</summary>
    public virtual int Size => 1;

    /// <summary>Whether it is YAML's (and JSON's) null: plain <c>null</c>, <c>~</c> or nothing.</summary>
    public bool IsNull => this is RawScalar { Kind: ScalarKind.Null };

    /// <summary>What a message calls it: "a list", "a number" …</summary>
    public string Described => this switch
    {
        RawMapping => "a mapping",
        RawSequence => "a list",
        RawScalar { Kind: ScalarKind.Null } => "nothing",
        RawScalar { Kind: ScalarKind.Bool } bit => bit.Text,
        RawScalar { Kind: ScalarKind.Number } number => $"the number {Shown.Plain(number.Text)}",
        RawScalar text => $"the text {Shown.Quoted(text.Text)}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>A list.</summary>
internal sealed record RawSequence(TextMark Mark, List<RawNode> Items) : RawNode(Mark)
{
    private int _height = 1;
    private int _size = 1;

    public override int Height => _height;

    public override int Size => _size;

    public void Add(RawNode item)
    {
        Items.Add(item);
        _height = Math.Max(_height, item.Height + 1);
        _size = (int)Math.Min((long)_size + item.Size, int.MaxValue);
    }
}

/// <summary>A mapping; entries in the order of the text, keys not yet checked.</summary>
internal sealed record RawMapping(TextMark Mark, List<KeyValuePair<RawNode, RawNode>> Entries) : RawNode(Mark)
{
    private int _height = 1;
    private int _size = 1;

    public override int Height => _height;

    public override int Size => _size;

    public void Add(RawNode key, RawNode value)
    {
        Entries.Add(new(key, value));
        _height = Math.Max(_height, Math.Max(key.Height, value.Height) + 1);
        _size = (int)Math.Min((long)_size + key.Size + value.Size, int.MaxValue);
    }

    /// <summary>The first value under a key, or null.</summary>
    public RawNode? Find(string key)
    {
        foreach (var (name, value) in Entries)
        {
            if (name is RawScalar scalar && scalar.Text == key)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The entries whose keys are scalars, each key once; the others become diagnostics.</summary>
    public IEnumerable<(RawScalar Key, RawNode Value)> Distinct(RawFindings found)
    {
        var seen = new Dictionary<string, TextMark>(StringComparer.Ordinal);
        foreach (var (node, value) in Entries)
        {
            if (node is not RawScalar key)
            {
                found.Error(RawCodes.WrongKind, node.Mark, $"A key is a name, not {node.Described}.");
            }
            else if (seen.TryAdd(key.Text, key.Mark))
            {
                yield return (key, value);
            }
            else
            {
                found.Duplicate(key, seen[key.Text]);
            }
        }
    }
}
