namespace Weft.Bpf.Btf;

/// <content>What a type is in the end, and what its values take.</content>
public sealed partial class BtfSpec
{
    private const int MaxDepth = 32;
    private const int ArrayCountAt = 8;

    private static readonly string[] LongNames = ["long unsigned int", "long int", "unsigned long", "long"];

    /// <summary>What is left of a type without names and qualifiers: typedef, const, volatile, restrict and tags.</summary>
    /// <exception cref="BpfFormatException">They lead in a circle.</exception>
    public uint Skip(uint id)
    {
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            if (KindOf(id) is not (BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag))
            {
                return id;
            }

            id = Owner(id).Record(id, out _).SizeOrType;
        }

        throw new BpfFormatException($"{_name}: the names and qualifiers of type {id} have no end");
    }

    /// <summary>The bytes that a value of a type takes, 8 for a pointer; at most what 32 bits can count.</summary>
    /// <exception cref="BpfFormatException">It has no size, or too large a one, or types lead in a circle.</exception>
    public long SizeOf(uint id) => SizeOf(id, 8);

    /// <summary>The bytes of a pointer on the machine that it describes: those of its type <c>long</c>; 8 where there is none.</summary>
    internal int PointerSize => (Base ?? this).FindPointerSize();

    internal long SizeOf(uint id, int pointerSize)
    {
        ulong count = 1;
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            id = Skip(id) is var bare and not 0 ? bare : throw NoSize(0);
            var record = Owner(id).Record(id, out var tail);
            switch (record.Kind)
            {
                case BtfKind.Array:
                    (count, id) = (Limited(count * tail.UInt32(ArrayCountAt), id), tail.UInt32(0));
                    break;
                case BtfKind.Variable:
                    id = record.SizeOrType;
                    break;
                default:
                    return (long)Limited(count * OwnSize(record, id, (uint)pointerSize), id);
            }
        }

        throw new BpfFormatException($"{_name}: array {id} has no end");
    }

    private uint OwnSize(BtfRecord record, uint id, uint pointerSize) => record.Kind switch
    {
        BtfKind.Int or BtfKind.Float or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Struct or BtfKind.Union or BtfKind.DataSection =>
            record.SizeOrType,
        BtfKind.Pointer => pointerSize,
        _ => throw NoSize(id),
    };

    private BpfFormatException NoSize(uint id) => new($"{_name}: type {id} ({KindOf(id)}) has no size");

    // Both factors have 32 bits, so that the product has been no larger than 64.
    private ulong Limited(ulong size, uint id) =>
        size <= uint.MaxValue ? size : throw new BpfFormatException($"{_name}: type {id} is too large");

    private int FindPointerSize() => (int)(LongNames.Select(name => Find<BtfInt>(name, BtfKind.Int))
        .FirstOrDefault(type => type?.Size is 4 or 8)?.Size ?? 8);
}
