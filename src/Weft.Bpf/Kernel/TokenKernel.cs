using System.Runtime.InteropServices;
using Weft.Bpf.Btf;

namespace Weft.Bpf.Kernel;

/// <summary>A kernel that is asked with a token where it takes one: <c>BPF_MAP_CREATE</c>, <c>BPF_PROG_LOAD</c>, <c>BPF_BTF_LOAD</c>.</summary>
internal sealed class TokenKernel(IKernel below, BpfDescriptor token) : PassingKernel(below)
{
    private const uint HasToken = 1 << 16;

    private delegate void Addition<T>(ref T attributes, int token);

    public override long Bpf(BpfCommand command, Span<byte> attributes) => command switch
    {
        BpfCommand.MapCreate => With(
            command, attributes, static (ref MapCreateAttributes a, int token) => (a.Flags, a.Token) = (a.Flags | HasToken, token)),
        BpfCommand.ProgramLoad => With(
            command, attributes, static (ref ProgramLoadAttributes a, int token) => (a.Flags, a.Token) = (a.Flags | HasToken, token)),
        BpfCommand.BtfLoad => With(
            command, attributes, static (ref BtfLoadAttributes a, int token) => (a.Flags, a.Token) = (a.Flags | HasToken, token)),
        _ => Below.Bpf(command, attributes),
    };

    private long With<T>(BpfCommand command, Span<byte> attributes, Addition<T> add)
        where T : unmanaged
    {
        using var use = new DescriptorUse(token);
        T whole = default;
        var bytes = MemoryMarshal.AsBytes(new Span<T>(ref whole));
        attributes[..Math.Min(attributes.Length, bytes.Length)].CopyTo(bytes);
        add(ref whole, (int)use.Number);
        var result = Below.Call(command, ref whole);

        // What the kernel tells in its attributes: how long its log would have been.
        bytes[..Math.Min(attributes.Length, bytes.Length)].CopyTo(attributes);
        return result;
    }
}
