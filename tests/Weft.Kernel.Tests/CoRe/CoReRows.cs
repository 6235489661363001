using System.Text;
using Weft.Bpf.CoRe;

namespace Weft.Kernel.Tests.CoRe;

/// <summary>
/// Many pairs of types in one object and one kernel, for to start a compiler takes longer than all the rest. In C, <c>$</c>
/// stands for a name that only this row has; all types are declared in functions, so that rows do not see each other's. Only
/// structures that are declared and not defined are mixed up by clang, when rows have some of one name.
/// </summary>
internal static class CoReRows
{
    /// <summary>What became of each row: "local | kernel | result".</summary>
    /// <param name="rows">Pairs of C, and what is expected.</param>
    /// <param name="program">The body of a function for what stands in a row for the object.</param>
    /// <param name="kernel">The declaration for what stands in a row for the kernel, without the variable that uses it.</param>
    /// <param name="tell">What is told of a result.</param>
    public static void Hold<T>(
        IReadOnlyList<(string Local, string Kernel, T Expected)> rows, Func<string, string> program, Func<string, string> kernel,
        Func<Relocated, T> tell, bool isBigEndian = false)
    {
        var (locals, kernels) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < rows.Count; i++)
        {
            var name = $"row{i}";
            var type = kernel(rows[i].Kernel);
            var variable = type.StartsWith("typedef", StringComparison.Ordinal) ? "$" : type.Split(' ')[0] + " $";
            locals.AppendLine($"PROGRAM({name}, void *q, u64 x) {{ {program(rows[i].Local)} }}".Replace("$", name));
            kernels.AppendLine($"void {name}(void) {{ {type}; static {variable} v __attribute__((used)); }}".Replace("$", name));
        }

        var local = CoReObject.Compile(locals.ToString(), isBigEndian);
        var relocator = new CoReRelocator(local.Types, [CoReObject.Compile(kernels.ToString(), isBigEndian).Types]);
        Assert.Equal(
            rows.Select(r => $"{r.Local} | {r.Kernel} | {r.Expected}"),
            rows.Select((r, i) => $"{r.Local} | {r.Kernel} | {tell(Relocated.Of(local, $"row{i}", relocator))}"));
    }
}
