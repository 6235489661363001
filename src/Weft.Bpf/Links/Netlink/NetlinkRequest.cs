using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Bpf.Netlink;

/// <summary>Writes one message: its header, what its type wants first, and attributes.</summary>
internal sealed class NetlinkRequest
{
    public const int HeaderSize = 16;

    private const ushort IsNested = 0x8000;

    private readonly ArrayBufferWriter<byte> _body = new(128);

    /// <param name="type">What is asked, <c>RTM_…</c>.</param>
    /// <param name="flags">How, <c>NLM_F_…</c>.</param>
    public NetlinkRequest(ushort type, NetlinkFlags flags)
    {
        Type = type;
        Flags = flags;
    }

    public ushort Type { get; }

    public NetlinkFlags Flags { get; }

    /// <summary>Adds a structure.</summary>
    public NetlinkRequest Add<T>(T value)
        where T : unmanaged
    {
        _body.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
        return this;
    }

    public NetlinkRequest Number(ushort attribute, uint value) =>
        Attribute(attribute, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in value)));

    public NetlinkRequest Text(ushort attribute, string value) => Attribute(attribute, Encoding.UTF8.GetBytes(value + '\0'));

    /// <summary>Adds an attribute that has others in it.</summary>
    public NetlinkRequest Nested(ushort attribute, Action<NetlinkRequest> fill)
    {
        var inner = new NetlinkRequest(0, 0);
        fill(inner);
        return Attribute((ushort)(attribute | IsNested), inner._body.WrittenSpan);
    }

    /// <summary>The bytes of the message.</summary>
    public byte[] ToBytes(uint sequence)
    {
        var bytes = new byte[HeaderSize + _body.WrittenCount];
        MemoryMarshal.Write(bytes, bytes.Length);
        MemoryMarshal.Write(bytes.AsSpan(4), Type);
        MemoryMarshal.Write(bytes.AsSpan(6), (ushort)Flags);
        MemoryMarshal.Write(bytes.AsSpan(8), sequence);
        _body.WrittenSpan.CopyTo(bytes.AsSpan(HeaderSize));
        return bytes;
    }

    private NetlinkRequest Attribute(ushort attribute, ReadOnlySpan<byte> value)
    {
        Add((ushort)(4 + value.Length)).Add(attribute);
        _body.Write(value);
        _body.Write(stackalloc byte[-value.Length & 3]);
        return this;
    }
}

/// <summary><c>NLM_F_…</c>. What they mean depends on the message.</summary>
[Flags]
internal enum NetlinkFlags
{
    Request = 1,
    Acknowledge = 4,
    Echo = 8,
    Exclusive = 0x200,
    Create = 0x400,
    Dump = 0x300,
}
