using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.Features;
using Weft.Bpf.Kernel;
using Weft.Bpf.Linking;

namespace Weft.Bpf.Loading;

/// <summary>Gives one linked program to the kernel, and asks again for a log where it is refused.</summary>
internal sealed class ProgramLoader(ObjectSpec spec, LoadSettings settings)
{
    private const uint Sleepable = 1 << 4;
    private const uint Fragments = 1 << 5;
    private const int FirstLogSize = 1 << 16;
    private const int MaxLogSize = 1 << 28;

    private readonly IKernel _kernel = settings.Kernel;
    private readonly Lazy<uint> _kernelVersion =
        new(() => spec.KernelVersion != 0 ? spec.KernelVersion : KernelConfig.Version(settings.Kernel));

    private readonly byte[] _license = [.. Encoding.UTF8.GetBytes(spec.License), 0];

    /// <summary>Loads it.</summary>
    /// <param name="attach">The type that it is attached to, and the descriptor of the module or program that has it.</param>
    /// <param name="member">Which member of that type it is, for an operation; null for other programs.</param>
    /// <param name="types">The object's own types in the kernel; null where they are not.</param>
    /// <param name="modules">Descriptors of the types of modules whose functions it calls; the first, 0, is the kernel's.</param>
    /// <param name="maps">Its maps, which must stay open while it is attached: the kernel empties those of tail calls else.</param>
    /// <param name="explain">Makes a line of the log plainer.</param>
    public unsafe BpfProgram Load(
        LinkedProgram program, (uint Type, int Owner) attach, uint? member, BpfDescriptor? types, int[] modules, object maps,
        Func<string, string> explain)
    {
        var target = program.Spec;
        OlderKernels.ReplaceHelpers(program.Code, _kernel);
        var attachType = AttachTypeOf(target);
        var functions = CollectionsMarshal.AsSpan(program.Functions);
        var lines = CollectionsMarshal.AsSpan(program.Lines);
        fixed (Instruction* code = program.Code)
        fixed (byte* license = _license)
        fixed (FunctionInfo* functionInfo = functions)
        fixed (LineInfo* lineInfo = lines)
        fixed (int* descriptors = modules)
        {
            var attributes = new ProgramLoadAttributes
            {
                Type = (uint)target.Type,
                InstructionCount = (uint)program.Code.Length,
                Instructions = code,
                License = license,
                KernelVersion = _kernelVersion.Value,
                Flags = target.Flags | Flags(target.Traits),
                Name = BpfCalls.Name(target.Name),
                ExpectedAttachType = member ?? (uint)OlderKernels.Expected(attachType, target.Traits, _kernel),
                AttachType = attach.Type,
                AttachTarget = (uint)attach.Owner,
                Descriptors = modules.Length > 1 ? descriptors : null,
            };
            if (types is not null && functions.Length > 0)
            {
                attributes.Types = (uint)types.Number;
                attributes.FunctionInfo = functionInfo;
                attributes.FunctionInfoCount = (uint)functions.Length;
                attributes.FunctionInfoSize = (uint)Unsafe.SizeOf<FunctionInfo>();
                attributes.LineInfo = lineInfo;
                attributes.LineInfoCount = (uint)lines.Length;
                attributes.LineInfoSize = lines.Length > 0 ? (uint)Unsafe.SizeOf<LineInfo>() : 0;
            }

            var (result, log) = Try(ref attributes, target, explain);
            GC.KeepAlive(types);
            return new(
                _kernel, BpfDescriptor.Of(_kernel, result, $"prog_load {target.Name}"), target.Name, target.Type, attachType,
                target.Section, target.Target)
            { Needs = maps, Log = log };
        }
    }

    // How it will be attached is decided here: such links take no other programs, and other links not these.
    private AttachType AttachTypeOf(ProgramSpec program) =>
        (program.Traits & SectionTraits.Usdt) != 0 && program.AttachType == 0
            && KernelFeatures.Of(KernelFeature.UprobeMultiProcess, _kernel).IsYes
            ? AttachType.TraceUprobeMulti
            : program.AttachType;

    private static uint Flags(SectionTraits traits) =>
        ((traits & SectionTraits.Sleepable) != 0 ? Sleepable : 0) | ((traits & SectionTraits.Fragments) != 0 ? Fragments : 0);

    private unsafe (long Descriptor, ImmutableArray<string> Log) Try(ref ProgramLoadAttributes attributes, ProgramSpec program, Func<string, string> explain)
    {
        if (settings.LogLevel == 0)
        {
            var result = _kernel.Call(BpfCommand.ProgramLoad, ref attributes);
            if (result >= 0)
            {
                return (result, []);
            }
        }

        attributes.LogLevel = settings.LogLevel == 0 ? 1 : (uint)settings.LogLevel;
        return TryWithLog(ref attributes, program, explain);
    }

    private unsafe (long Descriptor, ImmutableArray<string> Log) TryWithLog(ref ProgramLoadAttributes attributes, ProgramSpec program, Func<string, string> explain)
    {
        for (long size = FirstLogSize; ; size = Math.Max(size * 4, Math.Min((long)attributes.LogTrueSize, MaxLogSize)))
        {
            var log = GC.AllocateUninitializedArray<byte>((int)size);
            log[0] = 0;
            long result;
            fixed (byte* bytes = log)
            {
                attributes.Log = bytes;
                (attributes.LogSize, attributes.LogTrueSize) = ((uint)size, 0);
                result = _kernel.Call(BpfCommand.ProgramLoad, ref attributes);
            }

            // No space: the log was cut off, and why the program is refused was not told.
            if (result == -Errno.NoSpace && size < MaxLogSize)
            {
                continue;
            }

            return result >= 0
                ? (result, Lines(log, explain))
                : throw new VerifierException((int)-result, program.Name, Lines(log, explain), Hint((int)-result, program, log));
        }
    }

    private static ImmutableArray<string> Lines(byte[] log, Func<string, string> explain)
    {
        var end = Array.IndexOf(log, (byte)0);
        var text = Encoding.UTF8.GetString(log, 0, end < 0 ? log.Length : end).TrimEnd('\n');
        return text.Length == 0 ? [] : [.. text.Split('\n').Select(explain)];
    }

    // Where the verifier says nothing, it was not the verifier.
    private string? Hint(int errno, ProgramSpec program, byte[] log) => log[0] != 0
        ? null
        : errno switch
        {
            Errno.Permission => $"the verifier was not asked about this {program.Type}: {Privileges.WhyRefused(_kernel)}",
            Errno.Invalid when program.Type == ProgramType.Unspecified => $"section '{program.Section}' does not say what the program is",
            _ => null,
        };
}
