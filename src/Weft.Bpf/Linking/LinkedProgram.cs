using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;

namespace Weft.Bpf.Linking;

/// <summary>A program with all functions that it needs, one behind the other, as the kernel takes it.</summary>
/// <param name="References">What instructions refer to beside functions.</param>
/// <param name="Functions">The type of each function at its begin; empty where not all are known.</param>
/// <param name="Lines">The lines of instructions.</param>
internal sealed record LinkedProgram(
    ProgramSpec Spec, Instruction[] Code, List<Reference> References, List<FunctionInfo> Functions, List<LineInfo> Lines)
{
    /// <summary>The maps that it uses.</summary>
    public IEnumerable<string> Maps => References
        .Where(r => r.Kind is ReferenceKind.Map or ReferenceKind.Data).Select(r => r.Name).Distinct();

    /// <summary>What it takes from the kernel.</summary>
    public IEnumerable<string> Externs => References
        .Where(r => r.Kind is ReferenceKind.Extern or ReferenceKind.ExternCall).Select(r => r.Name).Distinct();
}
