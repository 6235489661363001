using Weft.Bpf.Linking;

namespace Weft.Bpf;

/// <summary>Something that an object takes from the kernel that it is loaded into.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsOptional">Whether the object can be loaded where it is missing: it is declared <c>__weak</c>.</param>
/// <param name="Type">Its type in the object's BTF: a variable's, or the function; 0 where it has none.</param>
public sealed record KernelNeed(string Name, KernelNeedKind Kind, bool IsOptional, uint Type)
{
    internal static KernelNeed Of(Extern value) => new(value.Name, (KernelNeedKind)value.Kind, value.IsWeak, value.Type);
}

/// <summary>What an object takes from the kernel.</summary>
public enum KernelNeedKind
{
    /// <summary>A value of the kernel's configuration, or its version: <c>__kconfig</c>.</summary>
    Configuration = ExternKind.Config,

    /// <summary>The address of a symbol, from <c>/proc/kallsyms</c>: <c>__ksym</c> of type <c>void</c>.</summary>
    Address = ExternKind.Symbol,

    /// <summary>A variable that the kernel's BTF knows: <c>__ksym</c>.</summary>
    Variable = ExternKind.Variable,

    /// <summary>A function that the kernel lets programs call: <c>__ksym</c>.</summary>
    Function = ExternKind.Function,
}
