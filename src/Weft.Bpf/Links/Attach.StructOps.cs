namespace Weft.Bpf;

/// <content>Programs that stand for functions of a structure of the kernel's.</content>
public static partial class Attach
{
    /// <summary>
    /// Gives the programs of a map of <c>struct_ops</c> to the kernel, which calls them as its own: a way to govern congestion of
    /// TCP, to schedule. Linux 5.6.
    /// </summary>
    /// <param name="map">A map of an object that <see cref="BpfBackend.Libbpf"/> has loaded.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    /// <exception cref="BpfNotSupportedException">The map is none of these, or not loaded by libbpf.</exception>
    public static BpfLink StructOps(BpfMap map) => map is { Type: MapType.StructOps, Native: { } native }
        ? native.Attach(map) ?? throw new BpfNotSupportedException($"libbpf does not attach map {map.Name}")
        : throw new BpfNotSupportedException($"attach map {map.Name}: it is no map of struct_ops that libbpf has loaded");
}
