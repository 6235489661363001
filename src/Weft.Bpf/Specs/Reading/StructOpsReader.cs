using System.Collections.Immutable;
using Weft.Bpf.Btf;
using Weft.Bpf.Elf;

namespace Weft.Bpf.Specs.Reading;

/// <summary>
/// Reads structures of operations: each variable of such a section is a map, whose members are data, or programs where a
/// relocation says so. Sections that begin with <c>?</c> are made only where they are asked for.
/// </summary>
internal sealed class StructOpsReader
{
    private const uint RelocateAddress = 2;
    private const int PointerSize = 8;

    // All kernels together have fewer, and smaller ones.
    private const int MaxStructures = 1024;
    private const int MaxMembers = 1024;
    private const int MaxSize = 1 << 16;

    private static readonly string[] Names = [".struct_ops", ".struct_ops.link", "?.struct_ops", "?.struct_ops.link"];

    private readonly ElfFile _elf;
    private readonly ObjectSpec _spec;
    private readonly BtfSpec _types;
    private readonly ElfSection _section;
    private readonly ILookup<string, ulong> _places;

    private StructOpsReader(ElfFile elf, ObjectSpec spec, BtfSpec types, ElfSection section)
    {
        (_elf, _spec, _types, _section) = (elf, spec, types, section);
        _places = elf.SymbolsOf(section.Index).ToLookup(s => s.Name, s => s.Value);
    }

    public static void Read(ElfFile elf, ObjectSpec spec)
    {
        foreach (var section in elf.Sections.Where(s => s.Size > 0 && Names.Contains(s.Name)))
        {
            if (spec.Types?.Find<BtfDataSection>(section.Name, BtfKind.DataSection) is not { } list)
            {
                throw new BpfFormatException($"{section.Name}: what stands in it has no types; compile with -g");
            }

            if (list.Variables.Length + spec.Maps.Values.Count(m => m.Operations is not null) > MaxStructures)
            {
                throw new BpfFormatException($"{section.Name}: there are more than {MaxStructures} structures of operations");
            }

            var reader = new StructOpsReader(elf, spec, spec.Types, section);
            var programs = reader.Programs();
            foreach (var entry in list.Variables)
            {
                reader.Add(entry, programs);
            }
        }
    }

    private void Add(BtfSectionVariable entry, Dictionary<ulong, string> programs)
    {
        var (name, type, start) = Variable(entry);
        var size = (int)type.Size;
        var data = new byte[size];
        if (!_section.Data.IsEmpty)
        {
            _section.Data.Span.Slice((int)start, size).CopyTo(data);
        }

        var own = ImmutableDictionary.CreateBuilder<uint, string>();
        for (var at = start; at + PointerSize <= start + (ulong)size; at += PointerSize)
        {
            if (programs.TryGetValue(at, out var program))
            {
                // That of a static function is not zero.
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
            Flags = _section.Name.EndsWith(".link", StringComparison.Ordinal) ? MapCreateFlags.Link : 0,
            Loads = _section.Name[0] != '?',
            Types = _types,
            ValueType = type.Id,
            Operations = new(type.Id, own.ToImmutable()),
        };
        map.Contents.Add(new(new byte[sizeof(uint)], data));
        if (!_spec.Maps.TryAdd(name, map))
        {
            throw new BpfFormatException($"there are two maps {name}");
        }
    }

    private (string Name, BtfComposite Type, ulong Start) Variable(BtfSectionVariable entry)
    {
        if (_types.Get(entry.Type) is not BtfVariable variable
            || _types.Get(_types.Skip(variable.Type)) is not BtfComposite { Kind: BtfKind.Struct, Name.Length: > 0 } type
            || type.Size is 0 or > MaxSize || type.Members.Length > MaxMembers)
        {
            throw new BpfFormatException($"{_section.Name}: type {entry.Type} is no variable of a structure that has a name, or a too large one");
        }

        // A compiler tells the places of static variables in the types, a linker those of all.
        var start = _places.Contains(variable.Name) ? _places[variable.Name].First() : entry.Offset;
        return type.Size <= _section.Size && start <= _section.Size - type.Size && start % PointerSize == 0
            ? (variable.Name, type, start)
            : throw new BpfFormatException($"{variable.Name}: {type.Size} bytes at {start} do not lie in {_section.Name}, or not in order");
    }

    private Dictionary<ulong, string> Programs()
    {
        var programs = new Dictionary<ulong, string>();
        var reader = new BoundedReader(_section.Data.Span, _elf.IsBigEndian, _section.Name);
        foreach (var list in _elf.Sections.Where(s => s.Type == ElfSectionType.Relocations && s.Info == _section.Index))
        {
            foreach (var relocation in _elf.Relocations(list))
            {
                // Of a static function the symbol is its section, and the number says where in it.
                var symbol = _elf.Symbols[relocation.Symbol];
                var place = checked((long)symbol.Value + (long)reader.UInt64(checked((long)relocation.Offset)));
                if (relocation.Type != RelocateAddress || relocation.Offset % PointerSize != 0 || place % PointerSize != 0
                    || !_spec.Functions.TryGetValue((symbol.Section, checked((int)(place / PointerSize))), out var function)
                    || !_spec.Programs.TryGetValue(function.Name, out var program) || program.Type != ProgramType.StructOps)
                {
                    throw new BpfFormatException(
                        $"{_section.Name}: at {relocation.Offset} stands {symbol.Name}, which is no program of a section struct_ops");
                }

                programs[relocation.Offset] = program.Name;
            }
        }

        return programs;
    }
}
