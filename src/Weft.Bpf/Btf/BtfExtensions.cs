using System.Collections.Immutable;

namespace Weft.Bpf.Btf;

/// <summary>The type of a function, at the instruction with which it begins in its section.</summary>
internal readonly record struct FunctionInfo(int Instruction, uint Type);

/// <summary>The line of an instruction. Offsets are of the strings in the object's BTF; <c>Column</c> has the line above bit 10.</summary>
internal readonly record struct LineInfo(int Instruction, uint FileAt, uint LineAt, uint Column);

/// <summary>A field, type or value of the kernel that an instruction needs to know.</summary>
internal readonly record struct FieldInfo(int Instruction, uint Type, uint AccessAt, uint Kind);

/// <summary>What <c>.BTF.ext</c> says of an object's code, by the names of its sections.</summary>
internal sealed class BtfExtensions
{
    private const int InstructionSize = 8;

    private delegate T Reading<T>(BoundedReader record, int instruction);

    private BtfExtensions(
        ImmutableDictionary<string, ImmutableArray<FunctionInfo>> functions,
        ImmutableDictionary<string, ImmutableArray<LineInfo>> lines,
        ImmutableDictionary<string, ImmutableArray<FieldInfo>> fields)
    {
        Functions = functions;
        Lines = lines;
        Fields = fields;
    }

    public static BtfExtensions None { get; } = new(
        ImmutableDictionary<string, ImmutableArray<FunctionInfo>>.Empty,
        ImmutableDictionary<string, ImmutableArray<LineInfo>>.Empty,
        ImmutableDictionary<string, ImmutableArray<FieldInfo>>.Empty);

    public ImmutableDictionary<string, ImmutableArray<FunctionInfo>> Functions { get; }

    public ImmutableDictionary<string, ImmutableArray<LineInfo>> Lines { get; }

    public ImmutableDictionary<string, ImmutableArray<FieldInfo>> Fields { get; }

    public static BtfExtensions Parse(ReadOnlyMemory<byte> bytes, BtfSpec types)
    {
        var reader = new BoundedReader(bytes.Span, types.IsBigEndian, ".BTF.ext");
        if (reader.UInt16(0) != BtfHeader.Magic || reader.Byte(2) != 1)
        {
            throw new BpfFormatException(".BTF.ext: it begins as no such section does");
        }

        long start = reader.UInt32(4);
        return new(
            Read(8, 8, (record, i) => new FunctionInfo(i, record.UInt32(4)), reader, start, types),
            Read(16, 16, (record, i) => new LineInfo(i, record.UInt32(4), record.UInt32(8), record.UInt32(12)), reader, start, types),
            start < 32
                ? None.Fields
                : Read(24, 16, (record, i) => new FieldInfo(i, record.UInt32(4), record.UInt32(8), record.UInt32(12)), reader, start, types));
    }

    // A part: the size of its records, then for each section its name, their number and they.
    private static ImmutableDictionary<string, ImmutableArray<T>> Read<T>(
        int at, int least, Reading<T> read, BoundedReader file, long start, BtfSpec types)
    {
        var part = new BoundedReader(file.Slice(start + file.UInt32(at), file.UInt32(at + 4)), types.IsBigEndian, ".BTF.ext");
        var result = new Dictionary<string, ImmutableArray<T>.Builder>();
        if (part.Length == 0)
        {
            return ImmutableDictionary<string, ImmutableArray<T>>.Empty;
        }

        long size = part.UInt32(0);
        if (size < least || size % 4 != 0)
        {
            throw new BpfFormatException($".BTF.ext: records of {size} bytes are not known");
        }

        for (long place = 4; place < part.Length;)
        {
            var (name, count) = (types.TextAt(part.UInt32(place)), part.UInt32(place + 4));
            var records = new BoundedReader(part.Slice(place + 8, count * size), types.IsBigEndian, ".BTF.ext");
            if (!result.TryGetValue(name, out var list))
            {
                result[name] = list = ImmutableArray.CreateBuilder<T>((int)count);
            }

            for (var i = 0L; i < count; i++)
            {
                var record = new BoundedReader(records.Slice(i * size, size), types.IsBigEndian, ".BTF.ext");
                list.Add(read(record, Instruction(record.UInt32(0))));
            }

            place += 8 + (count * size);
        }

        return result.ToImmutableDictionary(list => list.Key, list => list.Value.ToImmutable());
    }

    private static int Instruction(uint offset) => offset % InstructionSize == 0
        ? (int)(offset / InstructionSize)
        : throw new BpfFormatException($".BTF.ext: byte {offset} is the begin of no instruction");
}
