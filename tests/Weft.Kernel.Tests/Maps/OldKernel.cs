using System.Buffers.Binary;
using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Maps;

/// <summary>The kernel below, which knows less: it refuses what older ones do not know, with the errors that they have.</summary>
internal sealed class OldKernel : PassingKernel
{
    private const int NameAt = 28;
    private const int TypesAt = 48;
    private const int FlagsAt = 16;

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
    public HashSet<int> Opened { get; } = [];

    public bool ForgetsWhereItWas { get; set; }

    public Dictionary<string, string> Files { get; init; } = [];

    public List<(BpfCommand Command, byte[] Attributes)> Asked { get; } = [];

    public override long Bpf(BpfCommand command, Span<byte> attributes)
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

        var result = Below.Bpf(command, attributes);
        if (result >= 0 && GivesDescriptor(command))
        {
            Opened.Add((int)result);
        }

        return result;
    }

    public override long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags) =>
        Refusal != 0 ? -Refusal : Below.PerfEventOpen(attributes, process, cpu, group, flags);

    public override long Close(int descriptor)
    {
        Opened.Remove(descriptor);
        return Below.Close(descriptor);
    }

    public override byte[]? ReadFile(string path) => Files.TryGetValue(path, out var text) ? Encoding.ASCII.GetBytes(text) : Below.ReadFile(path);

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
