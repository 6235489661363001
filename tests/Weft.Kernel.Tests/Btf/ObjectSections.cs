using System.Buffers.Binary;
using System.Text;
using Weft.Bpf.Btf;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Btf;

/// <summary>Sections and symbols of objects that a compiler has just written, and which are therefore trusted.</summary>
internal sealed class ObjectSections
{
    private readonly Dictionary<string, byte[]> _sections = [];
    private readonly Dictionary<(string Section, string Name), uint> _symbols = [];
    private readonly HashSet<string> _hidden = [];

    private ObjectSections(byte[] bytes)
    {
        IsBigEndian = bytes[5] == 2;
        var (at, count, names) = ((int)Number(bytes, 40, 8), (int)Number(bytes, 60, 2), (int)Number(bytes, 62, 2));
        var headers = Enumerable.Range(0, count).Select(i => new Section(
            (int)Number(bytes, at + (i * 64), 4), (uint)Number(bytes, at + (i * 64) + 4, 4),
            (int)Number(bytes, at + (i * 64) + 24, 8), (int)Number(bytes, at + (i * 64) + 32, 8))).ToArray();
        var order = headers.Select(h => Text(bytes, headers[names].At + h.Name)).ToArray();
        for (var i = 0; i < count; i++)
        {
            _sections[order[i]] = headers[i].Type == 8 ? new byte[headers[i].Size] : bytes[headers[i].At..(headers[i].At + headers[i].Size)];
        }

        var (symbols, texts) = (headers.Single(h => h.Type == 2), headers[Array.IndexOf(order, ".strtab")].At);
        for (var symbol = symbols.At; symbol < symbols.At + symbols.Size; symbol += 24)
        {
            var (name, section) = (Text(bytes, texts + (int)Number(bytes, symbol, 4)), (int)Number(bytes, symbol + 6, 2));
            if (section > 0 && section < count)
            {
                _symbols[(order[section], name)] = (uint)Number(bytes, symbol + 8, 8);
            }

            if ((bytes[symbol + 5] & 3) == 2)
            {
                _hidden.Add(name);
            }
        }
    }

    public bool IsBigEndian { get; }

    public BtfLayout Layout => new()
    {
        SectionSize = name => _sections.TryGetValue(name, out var bytes) ? (uint)bytes.Length : null,
        VariableOffset = (section, name) => _symbols.TryGetValue((section, name), out var at) ? at : null,
        IsHidden = _hidden.Contains,
    };

    public static ObjectSections Of(string file, bool isBigEndian = false) => new(Clang.Compile(file, isBigEndian));

    public static byte[] TypeBytes(string file, bool isBigEndian = false) => Of(file, isBigEndian)._sections[".BTF"];

    public static BtfSpec Types(string file, bool isBigEndian = false) => BtfSpec.Parse(TypeBytes(file, isBigEndian));

    private static string Text(byte[] bytes, int at) => Encoding.UTF8.GetString(bytes.AsSpan(at, bytes.AsSpan(at).IndexOf((byte)0)));

    private ulong Number(byte[] bytes, int at, int size)
    {
        Span<byte> number = stackalloc byte[8];
        bytes.AsSpan(at, size).CopyTo(IsBigEndian ? number[(8 - size)..] : number);
        return IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(number) : BinaryPrimitives.ReadUInt64LittleEndian(number);
    }

    private sealed record Section(int Name, uint Type, int At, int Size);
}
