using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Bpf.Features;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Maps;

/// <summary>Programs that need no compiler.</summary>
internal static class Programs
{
    public static BpfProgram Returning(int number, ProgramType type, IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        Instruction[] instructions = [TinyProgram.Move(0, number), new(Codes.Exit)];
        var attributes = new ProgramLoadAttributes { Name = BpfCalls.Name("t_returning") };
        var result = TinyProgram.Load(kernel, type, instructions, attributes);
        return new(kernel, BpfDescriptor.Of(kernel, result, "load"), "t_returning", type, 0, "", null);
    }
}
