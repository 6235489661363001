using Weft.Bpf.Kernel;

namespace Weft.Bpf.Btf;

/// <summary>The types that a program was loaded with.</summary>
internal static class ProgramTypes
{
    /// <summary>The id of a function of a program.</summary>
    /// <exception cref="KernelException">It has no such function (<c>ESRCH</c>), or no types.</exception>
    public static uint FunctionId(BpfProgram program, string function, string stage)
    {
        var types = program.Info.TypesId;
        if (types == 0)
        {
            throw new KernelException(Errno.NoProcess, stage, $"{program.Name} was loaded without types (clang -g), so that its functions have no names");
        }

        using var loaded = BtfObjects.Open(types, program.Kernel);
        var id = BtfSpec.Parse(loaded.ReadBytes(), name: program.Name).FindId(function, BtfKind.Function);
        return id != 0 ? id : throw new KernelException(Errno.NoProcess, stage, $"{program.Name} has no function {function}");
    }
}
