using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <content>Runs of a program without its event.</content>
public sealed partial class BpfProgram
{
    // What XDP programs may put before and behind a packet.
    private const int Room = 512;

    /// <summary>
    /// Lets the kernel run the program on given data. Linux 4.12 for packets; types differ in what they take: a socket filter
    /// wants at least fourteen bytes of data, a raw tracepoint (5.10) or a system call program (5.14) a context only, tracing
    /// programs neither. Needs <c>CAP_BPF</c>, and <c>CAP_NET_ADMIN</c> for those of the network.
    /// </summary>
    /// <param name="data">The packet.</param>
    /// <param name="context">The context, such as the arguments of a tracepoint.</param>
    /// <param name="repeat">How often it runs; types that do not repeat refuse more than 1.</param>
    /// <param name="flags">Flags, such as 1 to run on <paramref name="cpu"/> (5.10).</param>
    /// <param name="cpu">The processor.</param>
    /// <exception cref="KernelException">The kernel refused: error 524 for types that cannot be run.</exception>
    public ProgramRun TestRun(
        ReadOnlySpan<byte> data = default, ReadOnlySpan<byte> context = default, int repeat = 1, uint flags = 0, int cpu = 0)
    {
        var attributes = new TestRunAttributes { Repeat = repeat > 1 ? (uint)repeat : 0, Flags = flags, Processor = (uint)cpu };
        var dataOut = data.IsEmpty ? [] : new byte[data.Length + Room];
        var contextOut = context.ToArray();
        var result = Run(ref attributes, data, context, dataOut, contextOut);
        if (result == -Errno.NoSpace && attributes.DataSizeOut > dataOut.Length && attributes.DataSizeOut < MostBytes)
        {
            dataOut = new byte[attributes.DataSizeOut];
            result = Run(ref attributes, data, context, dataOut, contextOut);
        }

        if (result < 0)
        {
            throw new KernelException((int)-result, $"test_run {Name}", Hint((int)-result));
        }

        attributes.ContextSizeOut = Type == ProgramType.Syscall ? (uint)context.Length : attributes.ContextSizeOut;
        return Outcome(attributes, dataOut, contextOut);
    }

    private static ProgramRun Outcome(in TestRunAttributes attributes, byte[] data, byte[] context) => new(
        attributes.Result,
        TimeSpan.FromTicks(attributes.Duration / 100),
        attributes.Duration,
        data.AsMemory(0, (int)Math.Min(attributes.DataSizeOut, (uint)data.Length)),
        context.AsMemory(0, (int)Math.Min(attributes.ContextSizeOut, (uint)context.Length)));

    private string? Hint(int errno) => errno switch
    {
        Errno.KernelNotSupported or Errno.NotSupported => $"this kernel cannot run a {Type} by itself",
        Errno.Invalid => $"a {Type} does not take this data, context, repetition or flag",
        Errno.Permission => Privileges.WhyRefused(Kernel),
        _ => null,
    };

    private unsafe long Run(
        ref TestRunAttributes attributes, ReadOnlySpan<byte> data, ReadOnlySpan<byte> context, Span<byte> dataOut, Span<byte> contextOut)
    {
        using var use = new DescriptorUse(Descriptor);
        attributes.Program = use.Number;
        (attributes.DataSizeIn, attributes.DataSizeOut) = ((uint)data.Length, (uint)dataOut.Length);
        (attributes.ContextSizeIn, attributes.ContextSizeOut) = ((uint)context.Length, (uint)contextOut.Length);
        fixed (byte* dataStart = data, contextStart = context, dataOutStart = dataOut, contextOutStart = contextOut)
        {
            attributes.DataIn = dataStart;
            attributes.DataOut = dataOutStart;
            // Programs for system calls change the context where it lies, and raw tracepoints give none back.
            attributes.ContextIn = Type == ProgramType.Syscall ? contextOutStart : contextStart;
            attributes.ContextOut = Type is ProgramType.Syscall or ProgramType.RawTracepoint ? null : contextOutStart;
            attributes.ContextSizeOut = attributes.ContextOut == null ? 0 : attributes.ContextSizeOut;
            return Kernel.Call(BpfCommand.ProgramTestRun, ref attributes);
        }
    }
}

/// <summary>How a program ran.</summary>
/// <param name="Result">What it returned.</param>
/// <param name="Duration">How long one run took on average; 0 for types that are not measured.</param>
/// <param name="Nanoseconds">The same, in nanoseconds.</param>
/// <param name="Data">The packet after it.</param>
/// <param name="Context">The context after it.</param>
public sealed record ProgramRun(uint Result, TimeSpan Duration, uint Nanoseconds, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Context);

/// <summary>The attributes of <c>BPF_PROG_TEST_RUN</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TestRunAttributes
{
    public uint Program;
    public uint Result;
    public uint DataSizeIn;
    public uint DataSizeOut;
    public byte* DataIn;
    public byte* DataOut;
    public uint Repeat;
    public uint Duration;
    public uint ContextSizeIn;
    public uint ContextSizeOut;
    public byte* ContextIn;
    public byte* ContextOut;
    public uint Flags;
    public uint Processor;
    public uint BatchSize;
}
