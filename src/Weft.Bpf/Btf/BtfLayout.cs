namespace Weft.Bpf.Btf;

/// <summary>
/// What an object's sections and symbols say and its BTF does not: clang leaves sizes of sections and places of variables at
/// zero. Each is asked with a name.
/// </summary>
public sealed class BtfLayout
{
    /// <summary>The bytes of a section, also of <c>.kconfig</c>; null where there is no such section.</summary>
    public Func<string, uint?> SectionSize { get; init; } = _ => null;

    /// <summary>
    /// Where a variable that is not static begins in a section, in bytes: asked with the section and the variable. Null where
    /// there is no such symbol.
    /// </summary>
    public Func<string, string, uint?> VariableOffset { get; init; } = (_, _) => null;

    /// <summary>Whether a function or variable may not be seen outside of its object (<c>__hidden</c>): it counts as static.</summary>
    public Func<string, bool> IsHidden { get; init; } = _ => false;
}
