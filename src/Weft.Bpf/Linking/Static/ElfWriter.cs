using System.Text;
using Weft.Bpf.Elf;

namespace Weft.Bpf.Linking.Static;

/// <summary>Writes a relocatable object: the sections, their relocations, the symbols, the types.</summary>
internal sealed class ElfWriter(bool isBigEndian)
{
    private const int HeaderSize = 64;
    private const int SymbolSize = 24;
    private const int RelocationSize = 16;
    private const ulong LinksToSection = 0x40;

    private readonly ByteWriter _body = new(isBigEndian);
    private readonly List<Entry> _entries = [default];
    private readonly ByteWriter _names = new(isBigEndian);
    private readonly Dictionary<string, uint> _nameAt = [];

    private readonly record struct Entry(
        uint Name, ElfSectionType Type, ulong Flags, long Offset, long Size, int Link, int Info, ulong Alignment, ulong EntrySize);

    public byte[] Write(List<LinkSection> sections, List<LinkSymbol> symbols, params ReadOnlySpan<(string Name, byte[] Bytes)> more)
    {
        Name("");
        foreach (var section in sections)
        {
            _body.Align((int)section.Alignment);
            _entries.Add(new(
                Name(section.Name), section.Type, section.Flags, HeaderSize + _body.Length, section.Size, 0, 0, section.Alignment, section.EntrySize));
            _body.Bytes(section.Bytes);
        }

        var related = sections.Where(s => s.Relocations.Count > 0).ToList();
        var symbolsAt = _entries.Count + related.Count;
        var order = Order(symbols, out var locals);
        foreach (var section in related)
        {
            var relocations = new ByteWriter(isBigEndian);
            foreach (var relocation in section.Relocations)
            {
                relocations.UInt64(relocation.Offset);
                relocations.UInt64(((ulong)order[relocation.Symbol] << 32) | relocation.Type);
            }

            Add(".rel" + section.Name, ElfSectionType.Relocations, relocations.ToArray(), symbolsAt, section.Index + 1, RelocationSize, LinksToSection);
        }

        Add(".symtab", ElfSectionType.Symbols, Symbols(symbols, order), symbolsAt + 1 + more.Length, locals, SymbolSize);
        foreach (var (name, bytes) in more)
        {
            Add(name, ElfSectionType.Content, bytes, 0, 0, 0);
        }

        Name(".strtab");
        Add(".strtab", ElfSectionType.Strings, _names.ToArray(), 0, 0, 0);
        return Whole();
    }

    private void Add(string name, ElfSectionType type, byte[] bytes, int link, int info, ulong entrySize, ulong flags = 0)
    {
        _body.Align(8);
        _entries.Add(new(Name(name), type, flags, HeaderSize + _body.Length, bytes.Length, link, info, type == ElfSectionType.Strings ? 1u : 8u, entrySize));
        _body.Bytes(bytes);
    }

    // Local ones come first; none is the first.
    private static int[] Order(List<LinkSymbol> symbols, out int locals)
    {
        var order = new int[symbols.Count];
        var next = 1;
        for (var i = 0; i < symbols.Count; i++)
        {
            order[i] = symbols[i].Binding == ElfBinding.Local ? next++ : 0;
        }

        locals = next;
        for (var i = 0; i < symbols.Count; i++)
        {
            order[i] = order[i] == 0 ? next++ : order[i];
        }

        return order;
    }

    private byte[] Symbols(List<LinkSymbol> symbols, int[] order)
    {
        var inOrder = new LinkSymbol[symbols.Count];
        for (var i = 0; i < order.Length; i++)
        {
            inOrder[order[i] - 1] = symbols[i];
        }

        var writer = new ByteWriter(isBigEndian);
        writer.Bytes(stackalloc byte[SymbolSize]);
        foreach (var symbol in inOrder)
        {
            writer.UInt32(Name(symbol.Name));
            writer.Byte((byte)(((int)symbol.Binding << 4) | (int)symbol.Type));
            writer.Byte((byte)(symbol.IsHidden ? 2 : 0));
            writer.UInt16(symbol.Section is { } section ? section.Index + 1 : 0);
            writer.UInt64(symbol.Value);
            writer.UInt64(symbol.Size);
        }

        return writer.ToArray();
    }

    private uint Name(string name)
    {
        if (!_nameAt.TryGetValue(name, out var at))
        {
            _nameAt[name] = at = (uint)_names.Length;
            _names.Bytes(Encoding.UTF8.GetBytes(name + '\0'));
        }

        return at;
    }

    private byte[] Whole()
    {
        _body.Align(8);
        var writer = new ByteWriter(isBigEndian);
        writer.Bytes([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, (byte)(isBigEndian ? 2 : 1), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.UInt16(1);
        writer.UInt16(247);
        writer.UInt32(1);
        writer.UInt64(0);
        writer.UInt64(0);
        writer.UInt64((ulong)(HeaderSize + _body.Length));
        writer.UInt32(0);
        foreach (var value in (int[])[HeaderSize, 0, 0, HeaderSize, _entries.Count, _entries.Count - 1])
        {
            writer.UInt16(value);
        }

        writer.Bytes(_body.ToArray());
        foreach (var entry in _entries)
        {
            writer.UInt32(entry.Name);
            writer.UInt32((uint)entry.Type);
            foreach (var value in (ulong[])[entry.Flags, 0, (ulong)entry.Offset, (ulong)entry.Size])
            {
                writer.UInt64(value);
            }

            writer.UInt32((uint)entry.Link);
            writer.UInt32((uint)entry.Info);
            writer.UInt64(entry.Alignment);
            writer.UInt64(entry.EntrySize);
        }

        return writer.ToArray();
    }
}
