using System.Buffers.Binary;
using Weft.Bpf.Elf;

namespace Weft.Bpf.Linking.Static;

/// <summary>Moves relocations along with what they are in. What names a section, and says in its place where in it, is told anew.</summary>
internal static class RelocationMerger
{
    private const uint Absolute64 = 2;
    private const byte Call = 0x85;
    private const byte WideLoad = 0x18;
    private const int InstructionSize = 8;

    public static void Add(LinkFile file, SymbolTable symbols)
    {
        foreach (var list in file.Elf.Sections.Where(s => s.Type == ElfSectionType.Relocations))
        {
            if (list.Info <= 0 || list.Info >= file.Pieces.Length || file.Pieces[list.Info] is not { IsRepeated: false } piece)
            {
                continue;
            }

            var size = file.Elf.Sections[list.Info].Data.Length;
            foreach (var relocation in file.Elf.Relocations(list))
            {
                if (relocation.Offset > (ulong)size || (ulong)size - relocation.Offset < InstructionSize)
                {
                    throw file.Error($"{list.Name}: {relocation.Offset} lies outside of {piece.Target.Name}");
                }

                Add(file, piece, relocation, symbols);
            }
        }
    }

    private static void Add(LinkFile file, Piece piece, ElfRelocation relocation, SymbolTable symbols)
    {
        var symbol = file.Elf.Symbols[relocation.Symbol];
        var index = file.Symbols[relocation.Symbol];
        if (index < 0)
        {
            throw file.Error($"{piece.Target.Name}: what is at {relocation.Offset} refers to '{symbol.Name}', which is not linked");
        }

        var at = piece.Offset + (long)relocation.Offset;
        piece.Target.Relocations.Add(new((ulong)at, relocation.Type, index));
        var moved = symbols.Symbols[index].Type == ElfSymbolType.Section ? file.Pieces[symbol.Section]!.Offset + (long)symbol.Value : 0;
        if (moved != 0)
        {
            Move(file, piece.Target, (int)at, relocation.Type, moved);
        }
    }

    private static void Move(LinkFile file, LinkSection section, int at, uint type, long moved)
    {
        var bytes = section.Bytes.Slice(at, InstructionSize);
        if (section.IsCode && bytes[0] is Call or WideLoad)
        {
            var by = bytes[0] == Call ? moved / InstructionSize : moved;
            var reader = new BoundedReader(bytes, file.Elf.IsBigEndian, section.Name);
            Write(bytes[4..], checked((int)(reader.Int32(4) + by)), file.Elf.IsBigEndian);
        }
        else if (!section.IsCode && type == Absolute64)
        {
            var value = new BoundedReader(bytes, file.Elf.IsBigEndian, section.Name).UInt64(0) + (ulong)moved;
            bytes.Clear();
            if (file.Elf.IsBigEndian)
            {
                BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            }
            else
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            }
        }
        else
        {
            throw file.Error($"{section.Name}: a relocation of type {type} at {at} names a section, and cannot be moved");
        }
    }

    private static void Write(Span<byte> bytes, int value, bool isBigEndian)
    {
        if (isBigEndian)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        }
    }
}
