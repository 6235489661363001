using System.Runtime.InteropServices;
using System.Text;
using Weft.Bpf;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Links;

/// <summary>A kernel that does what a test says, and keeps what it was asked.</summary>
internal sealed class FakeKernel : IKernel
{
    private int _next = 100;

    /// <summary>What it answers to a command: below zero an error; null gives a new descriptor.</summary>
    public Func<BpfCommand, byte[], long?> Answers { get; init; } = (_, _) => null;

    /// <summary>What it answers to <c>perf_event_open</c>.</summary>
    public Func<PerfEventAttributes, long?> Events { get; init; } = _ => null;

    /// <summary>What stands in its files.</summary>
    public Func<string, string?> Files { get; init; } = _ => null;

    /// <summary>The bytes of the file that <see cref="ReadAt"/> reads.</summary>
    public byte[] Content { get; set; } = [];

    /// <summary>All that it was asked, as text.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Descriptors that are open.</summary>
    public HashSet<int> Opened { get; } = [];

    public BpfProgram Program(ProgramType type, AttachType attachType = default, string section = "", string? target = null)
    {
        Opened.Add(50);
        return new(this, new BpfDescriptor(this, 50), "test", type, attachType, section, target);
    }

    public long Bpf(BpfCommand command, Span<byte> attributes)
    {
        var bytes = new byte[Math.Max(attributes.Length, 64)];
        attributes.CopyTo(bytes);
        Asked.Add($"{command} {Text(command, bytes)}");
        return Answers(command, bytes) ?? (command is BpfCommand.LinkUpdate or BpfCommand.ProgramDetach or BpfCommand.ProgramAttach ? 0 : New());
    }

    public long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags)
    {
        var a = MemoryMarshal.Read<PerfEventAttributes>(attributes);
        var name = a.Config1 == 0 ? "" : $" {Marshal.PtrToStringUTF8((nint)a.Config1)}+{a.Config2}";
        Asked.Add($"perf_event_open type {a.Type} config {a.Config:x}{name} process {process} cpu {cpu}");
        return Events(a) ?? New();
    }

    public long IoControl(int descriptor, ulong request, long argument) => Ask($"ioctl {descriptor} {request:x} {argument}");

    public long Open(string path, int flags) => Files(path) is null ? -Errno.NoEntry : New();

    public long Read(int descriptor, Span<byte> buffer) => 0;

    public long ReadAt(int descriptor, Span<byte> buffer, long offset)
    {
        var rest = offset < Content.Length ? Content.AsSpan((int)offset) : default;
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }

    public long Write(int descriptor, ReadOnlySpan<byte> bytes) => Ask($"write {Encoding.UTF8.GetString(bytes).TrimEnd()}", bytes.Length);

    public long Close(int descriptor) => Opened.Remove(descriptor) ? 0 : -Errno.BadDescriptor;

    public long Unlink(string path) => Ask($"unlink {path}");

    public long Duplicate(int descriptor, int least) => New();

    public nint Map(nint length, int protection, int flags, int descriptor, long offset) => -Errno.NoMemory;

    public long Unmap(nint address, nint length) => 0;

    public long EventDescriptor() => New();

    public long EpollCreate() => New();

    public long EpollAdd(int epoll, int descriptor, ulong tag) => 0;

    public long EpollWait(int epoll, Span<ulong> tags, int milliseconds) => 0;

    public byte[]? ReadFile(string path) => Files(path) is { } text ? Encoding.UTF8.GetBytes(text) : null;

    private static string Text(BpfCommand command, byte[] bytes)
    {
        var numbers = MemoryMarshal.Cast<byte, uint>(bytes);
        return command == BpfCommand.RawTracepointOpen
            ? $"{(MemoryMarshal.Read<ulong>(bytes) is 0 ? "null" : Marshal.PtrToStringUTF8((nint)MemoryMarshal.Read<ulong>(bytes)))} {numbers[2]}"
            : string.Join(' ', numbers[..8].ToArray());
    }

    private long Ask(string what, long answer = 0)
    {
        Asked.Add(what);
        return answer;
    }

    private int New()
    {
        Opened.Add(_next);
        return _next++;
    }
}
