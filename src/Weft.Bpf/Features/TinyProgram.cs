using System.Text;
using Weft.Bpf.Assembly;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>Programs of a few instructions that only show whether a kernel takes them.</summary>
internal static unsafe class TinyProgram
{
    private const byte MoveNumber = 0xB7;
    private const int LogSize = 1 << 14;

    /// <summary>Returns 0.</summary>
    public static Instruction[] Nothing { get; } = [Move(0, 0), new(Codes.Exit)];

    public static Instruction Move(int register, int number) => new(MoveNumber, register, immediate: number);

    /// <summary>Loads a program.</summary>
    /// <returns>Its descriptor, or an error.</returns>
    public static long Load(
        IKernel kernel, ProgramType type, ReadOnlySpan<Instruction> instructions = default, ProgramLoadAttributes attributes = default) =>
        Load(kernel, type, instructions, ref attributes);

    /// <summary>Loads a program and tells what the verifier said.</summary>
    public static long Load(
        IKernel kernel, ProgramType type, ReadOnlySpan<Instruction> instructions, ProgramLoadAttributes attributes, out string log)
    {
        var bytes = new byte[LogSize];
        fixed (byte* start = bytes)
        {
            attributes.LogLevel = 1;
            attributes.LogSize = LogSize;
            attributes.Log = start;
            var result = Load(kernel, type, instructions, ref attributes);
            var end = bytes.AsSpan().IndexOf((byte)0);
            log = Encoding.UTF8.GetString(bytes, 0, end < 0 ? bytes.Length : end);
            return result;
        }
    }

    private static long Load(IKernel kernel, ProgramType type, ReadOnlySpan<Instruction> instructions, ref ProgramLoadAttributes attributes)
    {
        instructions = instructions.IsEmpty ? Nothing : instructions;
        fixed (Instruction* start = instructions)
        fixed (byte* license = "GPL\0"u8)
        {
            attributes.Type = (uint)type;
            attributes.Instructions = start;
            attributes.InstructionCount = (uint)instructions.Length;
            attributes.License = license;
            return kernel.Call(BpfCommand.ProgramLoad, ref attributes);
        }
    }
}
