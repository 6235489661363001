using Weft.Bpf.Kernel;
using Weft.Bpf.Libbpf;

namespace Weft.Bpf;

/// <summary>A map of the kernel's. It is gone when nobody uses it any more: no program, pin, or descriptor.</summary>
public sealed partial class BpfMap : IDisposable
{
    private readonly int _keySize;
    private readonly int _valueSize;
    private readonly MapReferences _references;

    internal BpfMap(IKernel kernel, BpfDescriptor descriptor, MapSpec spec)
        : this(kernel, descriptor, spec, new())
    {
    }

    private BpfMap(IKernel kernel, BpfDescriptor descriptor, MapSpec spec, MapReferences references)
    {
        Kernel = kernel;
        Descriptor = descriptor;
        Spec = spec;
        _references = references;
        (_keySize, _valueSize) = MapLayout.Bytes(kernel, spec);
    }

    /// <summary>The kernel that has it.</summary>
    public IKernel Kernel { get; }

    /// <summary>Its descriptor.</summary>
    public BpfDescriptor Descriptor { get; }

    /// <summary>Its name.</summary>
    public string Name => Spec.Name;

    /// <summary>What it is.</summary>
    public MapType Type => Spec.Type;

    /// <summary>What it was made of: a copy of what was asked for, with what had to be corrected. Changes of it do nothing.</summary>
    public MapSpec Spec { get; }

    /// <summary>What is attached where it is a structure of operations; null for other maps.</summary>
    internal StructOpsValue? Operations { get; init; }

    /// <summary>Bytes of a key; 0 where it has none.</summary>
    public int KeySize => _keySize;

    /// <summary>
    /// Bytes of a value as the operations here have it. Where each processor has its own, these are the values of all possible
    /// processors one behind the other, each rounded up to eight bytes.
    /// </summary>
    public int ValueSize => _valueSize;

    /// <summary>Whether each processor has a value of its own.</summary>
    public bool IsPerCpu => MapLayout.IsPerCpu(Type);

    /// <summary>
    /// Makes a map. What the kernel fixes for a type may be left out: sizes of references to other objects, the elements of a
    /// perf event array; a ring buffer becomes as large as the next size that the kernel takes. What a ring or perf buffer says
    /// of the types of its records is not told to the kernel. On kernels that do not know types or names of maps it is made
    /// without them. Linux 3.18 and up, by type; needs <c>CAP_BPF</c> for most types.
    /// </summary>
    /// <param name="spec">The map.</param>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <param name="inner">A map that looks like those in it, for a map of maps.</param>
    /// <param name="types">The descriptor of the types in <paramref name="spec"/>; null where they are not loaded.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfMap Create(MapSpec spec, IKernel? kernel = null, BpfMap? inner = null, BpfDescriptor? types = null) =>
        Create(spec, kernel ?? LinuxKernel.Instance, inner, types, operations: null);

    internal static BpfMap Create(MapSpec spec, IKernel kernel, BpfMap? inner, BpfDescriptor? types, StructOpsValue? operations)
    {
        var made = MapCreation.Corrected(spec, kernel);
        _ = MapLayout.Bytes(kernel, made); // Too large ones are refused before there is something to close.
        return new(kernel, MapCreation.Create(made, kernel, inner?.Descriptor, types), made) { Operations = operations };
    }

    /// <summary>What libbpf attaches it by, for programs of <c>struct_ops</c>; null where it was not loaded by libbpf.</summary>
    internal LibbpfProgram? Native { get; init; }

    /// <summary>Another object for the same map, to be disposed of by itself.</summary>
    /// <exception cref="KernelException">The process may have no more descriptors.</exception>
    public BpfMap Duplicate()
    {
        using var use = new DescriptorUse(Descriptor);
        return new(Kernel, BpfDescriptor.Of(Kernel, Kernel.Duplicate((int)use.Number, 1), $"duplicate map {Name}"), Spec, _references)
        {
            Operations = Operations,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Descriptor.Dispose();
        _arena?.Dispose();
    }
}
