using System.Collections.Immutable;
using Weft.Bpf.Btf;
using Weft.Bpf.Elf;

namespace Weft.Bpf.Specs.Reading;

/// <summary>
/// Reads structures of operations: each variable of such a section is a map, whose members are data, or programs where a
/// relocation says so.
/// </summary>
internal static class StructOpsReader
{
    private const uint RelocateAddress = 2;
    private const int PointerSize = 8;
    private const long MaxBytes = 16 << 20;

    private static readonly ImmutableArray<string> Names = [".struct_ops", ".struct_ops.link"];

    public static void Read(ElfFile elf, ObjectSpec spec)
    {
        var left = MaxBytes;
        foreach (var section in elf.Sections.Where(s => s.Size > 0 && Names.Contains(s.Name.TrimStart('?'))))
        {
            if (spec.Types?.Find<BtfDataSection>(section.Name, BtfKind.DataSection) is not { } list)
            {
                throw new BpfFormatException($"{section.Name}: what stands in it has no types; compile with -g");
            }

            var programs = Programs(elf, spec, section);
            foreach (var entry in list.Variables)
            {
                var variable = Variable(elf, spec, section, entry);
                left -= variable.Size;
                if (left < 0)
                {
                    throw new BpfFormatException($"{section.Name}: the variables lie over each other, or are too large");
                }

                Add(spec, section, variable, programs);
            }
        }
    }

    private static void Add(ObjectSpec spec, ElfSection section, Place place, ImmutableSortedDictionary<ulong, string> programs)
    {
        var (name, type, start, size) = place;
        var data = new byte[size];
        if (!section.Data.IsEmpty)
        {
            section.Data.Span.Slice((int)start, size).CopyTo(data);
        }

        var own = ImmutableDictionary.CreateBuilder<uint, string>();
        for (var at = start; at + PointerSize <= start + (ulong)size; at += PointerSize)
        {
            if (programs.TryGetValue(at, out var program))
            {
                // A static function has its place there.
                own.Add((uint)(at - start), program);
                data.AsSpan((int)(at - start), PointerSize).Clear();
            }
        }

        var map = new MapSpec
        {
            Name = name,
            Type = MapType.StructOps,
            KeySize = sizeof(uint),
            ValueSize = (uint)size,
            MaxEntries = 1,
            Flags = section.Name.EndsWith(".link", StringComparison.Ordinal) ? MapCreateFlags.Link : 0,
            Loads = section.Name[0] != '?',
            Types = spec.Types,
            ValueType = type,
            Operations = new(type, own.ToImmutable()),
        };
        map.Contents.Add(new(new byte[sizeof(uint)], data));
        if (!spec.Maps.TryAdd(name, map))
        {
            throw new BpfFormatException($"there are two maps {name}");
        }
    }

    private static Place Variable(ElfFile elf, ObjectSpec spec, ElfSection section, BtfSectionVariable entry)
    {
        var types = spec.Types!;
        if (types.Get(entry.Type) is not BtfVariable variable
            || types.Get(types.Skip(variable.Type)) is not BtfComposite { Kind: BtfKind.Struct, Name.Length: > 0, Size: > 0 } type)
        {
            throw new BpfFormatException($"{section.Name}: type {entry.Type} is no variable of a structure that has a name");
        }

        // A compiler tells the places of static variables in the types, a linker those of all.
        var symbol = elf.SymbolsOf(section.Index).Where(s => s.Name == variable.Name).Select(s => (ElfSymbol?)s).FirstOrDefault();
        var start = symbol?.Value ?? entry.Offset;
        return type.Size <= section.Size && start <= section.Size - type.Size && start % PointerSize == 0
            ? new(variable.Name, type.Id, start, (int)Math.Min(type.Size, MaxBytes + 1))
            : throw new BpfFormatException($"{variable.Name}: {type.Size} bytes at {start} do not lie in {section.Name}, or not in order");
    }

    private static ImmutableSortedDictionary<ulong, string> Programs(ElfFile elf, ObjectSpec spec, ElfSection section)
    {
        var programs = ImmutableSortedDictionary.CreateBuilder<ulong, string>();
        var reader = new BoundedReader(section.Data.Span, elf.IsBigEndian, section.Name);
        foreach (var list in elf.Sections.Where(s => s.Type == ElfSectionType.Relocations && s.Info == section.Index))
        {
            foreach (var relocation in elf.Relocations(list))
            {
                var symbol = elf.Symbols[relocation.Symbol];
                var place = checked((long)symbol.Value + (long)reader.UInt64((long)relocation.Offset));
                if (relocation.Type != RelocateAddress || relocation.Offset % PointerSize != 0 || place % PointerSize != 0
                    || !spec.Functions.TryGetValue((symbol.Section, checked((int)(place / PointerSize))), out var function)
                    || !spec.Programs.TryGetValue(function.Name, out var program) || program.Type != ProgramType.StructOps)
                {
                    throw new BpfFormatException(
                        $"{section.Name}: at {relocation.Offset} stands {symbol.Name}, which is no program of a section struct_ops");
                }

                programs[relocation.Offset] = program.Name;
            }
        }

        return programs.ToImmutable();
    }

    /// <summary>Where a variable lies in its section.</summary>
    private readonly record struct Place(string Name, uint Type, ulong Start, int Size);
}
