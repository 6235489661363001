using Weft.Bpf.Btf;

namespace Weft.Bpf.CoRe;

/// <summary>The types of one side: the object's, or a kernel's.</summary>
internal sealed class CoReTypes(BtfSpec file, int pointerSize)
{
    public BtfSpec File => file;

    /// <summary>The object's. Its pointers have 8 bytes on any machine, for those of eBPF have.</summary>
    public static CoReTypes OfObject(BtfSpec file) => new(file, 8);

    /// <summary>A kernel's, which may have 32 bits.</summary>
    public static CoReTypes OfKernel(BtfSpec file) => new(file, file.PointerSize);

    public TypeRecord Open(uint id) => new(file, id);

    /// <summary>What is left of a type without other names, qualifiers and tags.</summary>
    public TypeRecord OpenPlain(uint id) => new(file, file.Skip(id));

    public long SizeOf(uint id) => file.SizeOf(id, pointerSize);

    public ReadOnlySpan<byte> Text(uint at) => file.StringAt(at);

    /// <summary>A name without its flavour.</summary>
    public ReadOnlySpan<byte> Essential(uint at) => BtfName.Essential(file.StringAt(at));

    /// <summary>Whether a name of this side and one of the other are the same but for flavours.</summary>
    public bool SameName(uint at, CoReTypes other, uint otherAt) => Essential(at).SequenceEqual(other.Essential(otherAt));

    /// <summary>Whether types of these kinds may stand for each other.</summary>
    public static bool SameKind(TypeRecord one, TypeRecord other) =>
        one.Kind == other.Kind || (one.IsEnum && other.IsEnum);
}
