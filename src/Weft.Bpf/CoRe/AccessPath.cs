namespace Weft.Bpf.CoRe;

/// <summary>A step of an access that can be found in another type: a member with a name, or an element.</summary>
/// <param name="Type">The structure that the member is of; the element's type.</param>
/// <param name="Index">Which member or element.</param>
/// <param name="IsMember">Whether it is a member.</param>
internal readonly record struct Accessor(uint Type, int Index, bool IsMember);

/// <summary>The way from a type to one of its fields, and how far that is from its start.</summary>
internal sealed class AccessPath(CoReTypes types, uint root)
{
    /// <summary>The most steps, those through anonymous members counted, as libbpf has it.</summary>
    public const int MaxDepth = 64;

    private const long MaxBytes = uint.MaxValue / 8;

    private readonly List<Accessor> _accessors = new(4);

    public CoReTypes Types => types;

    public uint Root => root;

    public IReadOnlyList<Accessor> Accessors => _accessors;

    public Accessor Last => _accessors[^1];

    public long BitOffset { get; private set; }

    /// <summary>How many steps, those through anonymous members counted.</summary>
    public int Depth { get; private set; }

    public void AddMember(uint owner, int index, long bits, int steps)
    {
        _accessors.Add(new(owner, index, true));
        Pass(bits, steps);
    }

    public void AddElement(uint type, int index)
    {
        _accessors.Add(new(type, index, false));
        var bytes = index * types.SizeOf(type);
        Pass(bytes <= MaxBytes ? bytes * 8 : long.MaxValue, 1);
    }

    /// <summary>Goes on by an anonymous member, which leaves no accessor.</summary>
    public void Pass(long bits, int steps)
    {
        Depth += steps;
        if (bits > (MaxBytes * 8) - BitOffset || Depth > MaxDepth)
        {
            throw new BpfFormatException("the field is too deep or too far from the start of its type");
        }

        BitOffset += bits;
    }

    /// <summary>
    /// Whether an element of an array can be there: it is in the array, or the array is flexible, without a length and the
    /// last member of its structure.
    /// </summary>
    public bool HasElement(TypeRecord array, int index) =>
        index < array.Length
        || (array.Length == 0 && Last.IsMember && Last.Index == types.Open(Last.Type).Count - 1);
}
