using System.Collections.Immutable;
using Weft.Bpf.Assembly;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <content>What the kernel tells of a program.</content>
public sealed partial class BpfProgram
{
    private const int MostMaps = 1 << 16;
    private const uint MostBytes = 1 << 27;
    private const int MaxTries = 3;

    /// <summary>What the kernel tells of it now. Linux 4.13.</summary>
    /// <exception cref="KernelException">The kernel does not tell.</exception>
    public unsafe ProgramInfo Info
    {
        get
        {
            var info = default(KernelProgramInfo);
            Ask(ref info);
            for (var tries = 0; ; tries++)
            {
                var maps = new uint[Math.Min(info.MapCount, MostMaps)];
                fixed (uint* start = maps)
                {
                    info = new() { MapCount = (uint)maps.Length, Maps = start };
                    Ask(ref info);
                }

                // Maps may be bound to it between the two questions.
                if (info.MapCount <= maps.Length || tries == MaxTries)
                {
                    return ProgramInfo.Of(info, [.. maps.AsSpan(0, (int)Math.Min(info.MapCount, (uint)maps.Length))], Kernel.Text(Descriptor));
                }
            }
        }
    }

    /// <summary>Opens a program by its id. Linux 4.13; needs <c>CAP_SYS_ADMIN</c>.</summary>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <exception cref="KernelException">There is none (<c>ENOENT</c>), or the kernel refused.</exception>
    public static BpfProgram OpenById(uint id, IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        var descriptor = kernel.OpenById(BpfCommand.ProgramGetFdById, id, $"open program {id}");
        try
        {
            var info = default(KernelProgramInfo);
            var result = kernel.Info(descriptor, ref info);
            return result >= 0
                ? new(kernel, descriptor, info.Name.Text(), (ProgramType)info.Type, 0, "", null)
                : throw new KernelException((int)-result, $"info of program {id}");
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The instructions as the verifier left them: without what is never reached, with accesses to the kernel's structures and
    /// addresses of maps in them. Empty where the process may not see them (needs <c>CAP_PERFMON</c> and <c>CAP_BPF</c>).
    /// </summary>
    /// <exception cref="KernelException">The kernel does not tell.</exception>
    public unsafe ImmutableArray<Instruction> ReadTranslated()
    {
        var info = default(KernelProgramInfo);
        Ask(ref info);
        var instructions = new Instruction[Math.Min(info.TranslatedSize, MostBytes) / (uint)sizeof(Instruction)];
        fixed (Instruction* start = instructions)
        {
            var size = (uint)(instructions.Length * sizeof(Instruction));
            info = new() { TranslatedSize = size, Translated = start };
            Ask(ref info);

            // The kernel takes the address away where it may not be told.
            return size == 0 || info.Translated == null ? [] : [.. instructions];
        }
    }

    private void Ask(ref KernelProgramInfo info)
    {
        var result = Kernel.Info(Descriptor, ref info);
        if (result < 0)
        {
            throw new KernelException((int)-result, $"info of program {Name}");
        }
    }
}
