using System.Buffers.Binary;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Maps;

/// <summary>The kernel below, which knows less: it refuses what older ones do not know, with the errors that they have.</summary>
internal sealed class OldKernel : IKernel
{
    private const int NameAt = 28;
    private const int TypesAt = 48;
    private const int FlagsAt = 16;

    private readonly LinuxKernel _real = LinuxKernel.Instance;

    public bool HasBatches { get; init; } = true;

    public bool HasNames { get; init; } = true;

    public bool HasDottedNames { get; init; } = true;

    public bool HasTypes { get; init; } = true;

    public bool HasMappableArrays { get; init; } = true;

    /// <summary>How large attributes may be; what is behind must be zero.</summary>
    public int AttributeSize { get; init; } = int.MaxValue;

    /// <summary>Refuses all with this error; 0 for none.</summary>
    public int Refusal { get; init; }

    /// <summary>What was given out and is not closed.</summary>
    public HashSet<int> Open { get; } = [];

    public bool ForgetsWhereItWas { get; set; }

    public Dictionary<string, string> Files { get; init; } = [];

    public List<(BpfCommand Command, byte[] Attributes)> Asked { get; } = [];

    public long Bpf(BpfCommand command, Span<byte> attributes)
    {
        Asked.Add((command, attributes.ToArray()));
        if (Refusal != 0)
        {
            return -Refusal;
        }

        if (attributes.Length > AttributeSize && attributes[AttributeSize..].ContainsAnyExcept((byte)0))
        {
            return -Errno.TooBig;
        }

        if (command == BpfCommand.MapCreate && IsTooNew(attributes))
        {
            return -Errno.Invalid;
        }

        if (!HasBatches && command is >= BpfCommand.MapLookupBatch and <= BpfCommand.MapDeleteBatch)
        {
            return -Errno.Invalid;
        }

        if (ForgetsWhereItWas && command == BpfCommand.MapGetNextKey)
        {
            attributes[8..16].Clear();
        }

        var result = _real.Bpf(command, attributes);
        if (result >= 0 && GivesDescriptor(command))
        {
            Open.Add((int)result);
        }

        return result;
    }

    public long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags) => Refusal != 0 ? -Refusal : _real.PerfEventOpen(attributes, process, cpu, group, flags);

    public long IoControl(int descriptor, ulong request, long argument) => _real.IoControl(descriptor, request, argument);

    long IKernel.Open(string path, int flags) => _real.Open(path, flags);

    public long Read(int descriptor, Span<byte> buffer) => _real.Read(descriptor, buffer);

    public long ReadAt(int descriptor, Span<byte> buffer, long offset) => _real.ReadAt(descriptor, buffer, offset);

    public long Write(int descriptor, ReadOnlySpan<byte> bytes) => _real.Write(descriptor, bytes);

    public long Close(int descriptor)
    {
        Open.Remove(descriptor);
        return _real.Close(descriptor);
    }

    public long Duplicate(int descriptor, int least) => _real.Duplicate(descriptor, least);

    public nint Map(nint length, int protection, int flags, int descriptor, long offset) => _real.Map(length, protection, flags, descriptor, offset);

    public long Unmap(nint address, nint length) => _real.Unmap(address, length);

    public long EventDescriptor() => _real.EventDescriptor();

    public long EpollCreate() => _real.EpollCreate();

    public long EpollAdd(int epoll, int descriptor, ulong tag) => _real.EpollAdd(epoll, descriptor, tag);

    public long EpollWait(int epoll, Span<ulong> tags, int milliseconds) => _real.EpollWait(epoll, tags, milliseconds);

    public byte[]? ReadFile(string path) => Files.TryGetValue(path, out var text) ? System.Text.Encoding.ASCII.GetBytes(text) : _real.ReadFile(path);

    private static bool GivesDescriptor(BpfCommand command) => command is BpfCommand.MapCreate or BpfCommand.ProgramLoad or BpfCommand.BtfLoad
        or BpfCommand.LinkCreate or BpfCommand.RawTracepointOpen or BpfCommand.EnableStatistics or BpfCommand.TokenCreate;

    private bool IsTooNew(ReadOnlySpan<byte> attributes)
    {
        var name = attributes.Length > NameAt ? attributes[NameAt..Math.Min(NameAt + 16, attributes.Length)] : default;
        return (!HasNames && name.ContainsAnyExcept((byte)0))
            || (!HasDottedNames && name.Contains((byte)'.'))
            || (!HasTypes && attributes.Length > TypesAt && attributes[TypesAt..].ContainsAnyExcept((byte)0))
            || (!HasMappableArrays && attributes.Length > FlagsAt && (BinaryPrimitives.ReadUInt32LittleEndian(attributes[FlagsAt..]) & 1024) != 0);
    }
}
