using System.Text;
using Weft.Bpf.Btf;

namespace Weft.Kernel.Tests.CoRe;

/// <summary>Writes BTF that no compiler would.</summary>
internal sealed class BtfBytes(BtfSpec? below = null)
{
    private readonly List<uint> _types = [];
    private readonly List<byte> _strings = [0];
    private readonly Dictionary<string, uint> _places = new() { [""] = 0 };
    private readonly uint _stringsAt = below is null ? 0 : below.StringBase + (uint)below.Header.StringsSize;
    private uint _last = (below?.EndId ?? 1) - 1;

    public uint Int(string name, uint size, uint encoding = 0, uint offset = 0) =>
        Add(BtfKind.Int, name, size, 0, false, (encoding << 24) | (offset << 16) | (size * 8));

    public uint Pointer(uint target) => Add(BtfKind.Pointer, "", target, 0, false);

    public uint Typedef(string name, uint target) => Add(BtfKind.Typedef, name, target, 0, false);

    public uint Array(uint element, uint count) => Add(BtfKind.Array, "", 0, 0, false, element, element, count);

    public uint Prototype(uint result, params uint[] parameters) =>
        Add(BtfKind.Prototype, "", result, parameters.Length, false, [.. parameters.SelectMany(p => new[] { 0u, p })]);

    public uint Struct(string name, uint size, params (string Name, uint Type, uint Bits)[] members) =>
        Add(BtfKind.Struct, name, size, members.Length, false, [.. members.SelectMany(m => new[] { String(m.Name), m.Type, m.Bits })]);

    public uint BitFields(string name, uint size, params (string Name, uint Type, uint Bits, uint Size)[] members) =>
        Add(BtfKind.Struct, name, size, members.Length, true,
            [.. members.SelectMany(m => new[] { String(m.Name), m.Type, m.Bits | (m.Size << 24) })]);

    public uint String(string text)
    {
        if (!_places.TryGetValue(text, out var at))
        {
            _places[text] = at = _stringsAt + (uint)_strings.Count;
            _strings.AddRange(Encoding.UTF8.GetBytes(text));
            _strings.Add(0);
        }

        return at;
    }

    public BtfSpec Parse()
    {
        uint[] header = [0x0001EB9F, 24, 0, (uint)_types.Count * 4, (uint)_types.Count * 4, (uint)_strings.Count];
        return BtfSpec.Parse((byte[])[.. header.Concat(_types).SelectMany(BitConverter.GetBytes), .. _strings], below);
    }

    private uint Add(BtfKind kind, string name, uint size, int count, bool flag, params uint[] tail)
    {
        _types.AddRange([String(name), (uint)count | ((uint)kind << 24) | (flag ? 1u << 31 : 0), size, .. tail]);
        return ++_last;
    }
}
