using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>What is pinned at a path of a BPF file system.</summary>
/// <param name="Path">The path.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id; 0 where the kernel does not tell.</param>
public sealed record PinnedObject(string Path, PinnedKind Kind, uint Id)
{
    private static readonly (PinnedKind Kind, string Id, string Type)[] Kinds =
    [
        (PinnedKind.Link, "link_id", "link_type"), (PinnedKind.Program, "prog_id", "prog_type"), (PinnedKind.Map, "map_id", "map_type"),
    ];

    /// <summary>Looks at what is pinned. Linux 4.4, links 5.7; the kind is told since Linux 4.10.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <exception cref="KernelException">There is none (<c>ENOENT</c>), it is no pin (<c>EACCES</c>), or the kernel refused.</exception>
    public static PinnedObject Look(string path, IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        using var descriptor = Pins.Open(kernel, path, 0);
        var text = kernel.Text(descriptor);
        var (kind, id, _) = Kinds.FirstOrDefault(k => text.Has(k.Type));
        return new(path, kind, id is null ? 0 : (uint)(text.Number(id) ?? 0));
    }

    /// <summary>Takes the pin away. What it was stays while something else uses it.</summary>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <returns>Whether it was still there.</returns>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public bool Unpin(IKernel? kernel = null) => Pins.Unpin(kernel ?? LinuxKernel.Instance, Path);
}

/// <summary>What can be pinned.</summary>
public enum PinnedKind
{
    /// <summary>The kernel does not tell.</summary>
    Unknown,

    /// <summary>A program at its hook.</summary>
    Link,

    /// <summary>A program.</summary>
    Program,

    /// <summary>A map.</summary>
    Map,
}
