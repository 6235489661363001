using Weft.Bpf.CoRe;
using Weft.Bpf.Linking;

namespace Weft.Bpf.Explaining;

/// <summary>What instructions need of the kernel's types.</summary>
public static class MissingFields
{
    /// <summary>What an instruction takes from the kernel's types, such as <c>task_struct.mm</c>; null where nothing.</summary>
    /// <param name="spec">The object.</param>
    /// <param name="program">Its program.</param>
    /// <param name="instruction">The instruction, counted from the program's start.</param>
    /// <exception cref="BpfFormatException">The object is damaged.</exception>
    public static string? At(ObjectSpec spec, ProgramSpec program, int instruction)
    {
        var (start, found) = (0, (string?)null);
        ProgramLinker.Link(spec, program, function =>
        {
            foreach (var relocation in function.Relocations)
            {
                if (relocation.Instruction + start == instruction && spec.Types is { } types)
                {
                    found = AccessText.Of(CoReTypes.OfObject(types), relocation);
                }
            }

            start += function.Code.Length;
            return function.Code.ToArray();
        });
        return found;
    }
}
