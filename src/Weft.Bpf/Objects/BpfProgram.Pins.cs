using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <content>Programs with a path on a BPF file system.</content>
public sealed partial class BpfProgram
{
    /// <summary>
    /// Gives it a path on a BPF file system, where it stays when all descriptors are closed. Linux 4.4; needs the right to write
    /// there.
    /// </summary>
    /// <inheritdoc cref="BpfMap.Pin"/>
    public void Pin(string path, bool replaces = false) =>
        Pins.Pin(Kernel, Descriptor, path, replaces, $"pin program {Name} at {path}");
}
