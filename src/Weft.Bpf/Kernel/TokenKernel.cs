using System.Runtime.InteropServices;
using Weft.Bpf.Btf;

namespace Weft.Bpf.Kernel;

/// <summary>A kernel that is asked with a token where it takes one: <c>BPF_MAP_CREATE</c>, <c>BPF_PROG_LOAD</c>, <c>BPF_BTF_LOAD</c>.</summary>
internal sealed class TokenKernel(IKernel below, BpfDescriptor token) : IKernel
{
    private const uint HasToken = 1 << 16;

    private delegate void Addition<T>(ref T attributes, int token);

    public long Bpf(BpfCommand command, Span<byte> attributes) => command switch
    {
        BpfCommand.MapCreate => With(
            command, attributes, static (ref MapCreateAttributes a, int token) => (a.Flags, a.Token) = (a.Flags | HasToken, token)),
        BpfCommand.ProgramLoad => With(
            command, attributes, static (ref ProgramLoadAttributes a, int token) => (a.Flags, a.Token) = (a.Flags | HasToken, token)),
        BpfCommand.BtfLoad => With(
            command, attributes, static (ref BtfLoadAttributes a, int token) => (a.Flags, a.Token) = (a.Flags | HasToken, token)),
        _ => below.Bpf(command, attributes),
    };

    public long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags) =>
        below.PerfEventOpen(attributes, process, cpu, group, flags);

    public long IoControl(int descriptor, ulong request, long argument) => below.IoControl(descriptor, request, argument);

    public long Open(string path, int flags) => below.Open(path, flags);

    public long Read(int descriptor, Span<byte> buffer) => below.Read(descriptor, buffer);

    public long ReadAt(int descriptor, Span<byte> buffer, long offset) => below.ReadAt(descriptor, buffer, offset);

    public long Write(int descriptor, ReadOnlySpan<byte> bytes) => below.Write(descriptor, bytes);

    public long Close(int descriptor) => below.Close(descriptor);

    public long Duplicate(int descriptor, int least) => below.Duplicate(descriptor, least);

    public nint Map(nint length, int protection, int flags, int descriptor, long offset) =>
        below.Map(length, protection, flags, descriptor, offset);

    public nint MapAt(nint address, nint length, int protection, int flags, int descriptor, long offset) =>
        below.MapAt(address, length, protection, flags, descriptor, offset);

    public long Unmap(nint address, nint length) => below.Unmap(address, length);

    public long EventDescriptor() => below.EventDescriptor();

    public long EpollCreate() => below.EpollCreate();

    public long EpollAdd(int epoll, int descriptor, ulong tag) => below.EpollAdd(epoll, descriptor, tag);

    public long EpollAddWritable(int epoll, int descriptor, ulong tag) => below.EpollAddWritable(epoll, descriptor, tag);

    public long EpollWait(int epoll, Span<ulong> tags, int milliseconds) => below.EpollWait(epoll, tags, milliseconds);

    public long Rename(string from, string to) => below.Rename(from, to);

    public long Unlink(string path) => below.Unlink(path);

    public long RaiseLockedMemory() => below.RaiseLockedMemory();

    public long ReadLink(string path, Span<byte> target) => below.ReadLink(path, target);

    public long MemoryFile(string name) => below.MemoryFile(name);

    public long Socket(int domain, int type, int protocol) => below.Socket(domain, type, protocol);

    public long Send(int socket, ReadOnlySpan<byte> bytes) => below.Send(socket, bytes);

    public long Receive(int socket, Span<byte> buffer, int flags) => below.Receive(socket, buffer, flags);

    public long SetSocketOption(int socket, int level, int option, int value) => below.SetSocketOption(socket, level, option, value);

    public byte[]? ReadFile(string path) => below.ReadFile(path);

    private long With<T>(BpfCommand command, Span<byte> attributes, Addition<T> add)
        where T : unmanaged
    {
        using var use = new DescriptorUse(token);
        T whole = default;
        var bytes = MemoryMarshal.AsBytes(new Span<T>(ref whole));
        attributes[..Math.Min(attributes.Length, bytes.Length)].CopyTo(bytes);
        add(ref whole, (int)use.Number);
        var result = below.Call(command, ref whole);

        // What the kernel tells in its attributes: how long its log would have been.
        bytes[..Math.Min(attributes.Length, bytes.Length)].CopyTo(attributes);
        return result;
    }
}
