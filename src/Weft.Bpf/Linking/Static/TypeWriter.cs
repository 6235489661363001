using System.Collections.Immutable;
using Weft.Bpf.Btf;

namespace Weft.Bpf.Linking.Static;

/// <summary>Writes <c>.BTF</c>, and <c>.BTF.ext</c> with what the objects say of their code, at its new places.</summary>
internal sealed class TypeWriter(IReadOnlyList<LinkFile> files, List<LinkSection> sections, TypeMerger types, bool isBigEndian)
{
    private const int ExtensionsHeader = 32;
    private const uint InstructionSize = 8;

    private delegate uint[] Record<T>(LinkFile file, T info, uint offset);

    public (byte[] Types, byte[] Extensions) Write()
    {
        var sizes = sections.ToDictionary(s => s.Name, s => checked((uint)s.Size));
        var words = types.Words(name => sizes.GetValueOrDefault(name));

        // These add strings, and come before the strings are written.
        var extensions = Extensions();
        var writer = new ByteWriter(isBigEndian);
        Start(writer, BtfHeader.Size);
        foreach (var value in (uint[])[0, (uint)words.Count * 4, (uint)words.Count * 4, (uint)types.Strings.Length])
        {
            writer.UInt32(value);
        }

        words.ForEach(writer.UInt32);
        writer.Bytes(types.Strings);
        return (writer.ToArray(), extensions);
    }

    private byte[] Extensions()
    {
        byte[][] parts =
        [
            Part<FunctionInfo>(2, e => e.Functions, i => i.Instruction, (f, i, at) => [at, types.Id(f, i.Type)]),
            Part<LineInfo>(4, e => e.Lines, i => i.Instruction, (f, i, at) => [at, types.Text(f, i.FileAt), types.Text(f, i.LineAt), i.Column]),
            Part<FieldInfo>(4, e => e.Fields, i => i.Instruction, (f, i, at) => [at, types.Id(f, i.Type), types.Text(f, i.AccessAt), i.Kind]),
        ];
        var writer = new ByteWriter(isBigEndian);
        Start(writer, ExtensionsHeader);
        var start = 0;
        foreach (var part in parts)
        {
            writer.UInt32((uint)start);
            writer.UInt32((uint)part.Length);
            start += part.Length;
        }

        Array.ForEach(parts, part => writer.Bytes(part));
        return writer.ToArray();
    }

    // The size of a record, then for each section its name, their number, and they.
    private byte[] Part<T>(
        uint size, Func<BtfExtensions, ImmutableDictionary<string, ImmutableArray<T>>> of, Func<T, int> instruction, Record<T> record)
    {
        var writer = new ByteWriter(isBigEndian);
        foreach (var section in sections.Where(s => s.IsCode))
        {
            var records = files.SelectMany(file => file.PieceOf(section.Name) is { } piece
                ? of(file.Extensions).GetValueOrDefault(section.Name, [])
                    .Select(i => record(file, i, checked((uint)(piece.Offset + (instruction(i) * (long)InstructionSize)))))
                : []).ToList();
            if (records.Count > 0)
            {
                if (writer.Length == 0)
                {
                    writer.UInt32(size * sizeof(uint));
                }

                writer.UInt32(types.Text(section.Name));
                writer.UInt32((uint)records.Count);
                records.ForEach(r => Array.ForEach(r, writer.UInt32));
            }
        }

        return writer.ToArray();
    }

    private static void Start(ByteWriter writer, int size)
    {
        writer.UInt16(BtfHeader.Magic);
        writer.Byte(1);
        writer.Byte(0);
        writer.UInt32((uint)size);
    }
}
