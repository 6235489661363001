using Weft.Bpf.Elf;

namespace Weft.Bpf.Linking.Static;

/// <summary>A symbol of the result.</summary>
/// <param name="Source">The object that defines it, or first asks for it.</param>
/// <param name="Section">Its section; null where it is defined nowhere.</param>
internal sealed record LinkSymbol(
    string Name, LinkFile Source, ElfBinding Binding, ElfSymbolType Type, bool IsHidden, LinkSection? Section, ulong Value, ulong Size)
{
    public bool IsDefined => Section is not null;

    public bool IsStrong => IsDefined && Binding == ElfBinding.Global;
}
