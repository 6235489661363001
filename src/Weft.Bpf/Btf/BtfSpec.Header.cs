namespace Weft.Bpf.Btf;

/// <content>Types as a C header.</content>
public sealed partial class BtfSpec
{
    /// <summary>
    /// Writes all types, with those of <see cref="Base"/>, as a header for programs of eBPF: clang lays them out as they are,
    /// and relocates what is accessed (CO-RE) unless <c>BPF_NO_PRESERVE_ACCESS_INDEX</c> is defined. The kernel's functions
    /// that programs may call are declared where BTF marks them (Linux 6.10), unless <c>BPF_NO_KFUNC_PROTOTYPES</c> is
    /// defined. Where several types have one name, all but the first get <c>___2</c>, <c>___3</c> … behind it. Lines end with
    /// <c>\n</c>.
    /// </summary>
    /// <exception cref="BpfFormatException">The types are damaged, contain themselves, or are of a machine of 32 bits.</exception>
    public void WriteHeader(TextWriter output) => BtfHeaderWriter.Write(this, output);
}
