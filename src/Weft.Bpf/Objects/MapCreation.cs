using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>Makes maps on kernels of all ages.</summary>
internal static class MapCreation
{
    private const int Steps = 5;

    /// <summary>A copy of what is asked for, with what the kernel fixes for its type.</summary>
    public static MapSpec Corrected(MapSpec spec, IKernel kernel)
    {
        var made = spec.Copy();
        if (MapLayout.HasRecords(made.Type) && (made.KeyType != 0 || made.ValueType != 0))
        {
            // They say what records are, to those who read them; the kernel wants sizes of its own.
            var size = made.Type == MapType.PerfEventArray ? MapLayout.ReferenceSizeOr(0) : 0;
            (made.KeySize, made.ValueSize, made.KeyType, made.ValueType) = (size, size, 0, 0);
        }

        if (MapLayout.HasReferences(made.Type))
        {
            made.ValueSize = MapLayout.ReferenceSizeOr(made.ValueSize);
            made.KeySize = MapLayout.ReferenceSizeOr(made.KeySize);
        }

        made.MaxEntries = made.Type switch
        {
            MapType.PerfEventArray when made.MaxEntries == 0 => (uint)PossibleProcessors.Count(kernel),
            MapType.RingBuffer or MapType.UserRingBuffer => MapLayout.RingSize(made.MaxEntries, (uint)Environment.SystemPageSize),
            _ => made.MaxEntries,
        };
        return made;
    }

    /// <summary>
    /// Asks for what is wanted, then for less: without types, without what only makes the data of programs quicker to reach,
    /// without links for operations, with a plainer name, without a name. An old kernel answers all that it does not know with one and the same error, so
    /// that only trying tells what was too new.
    /// </summary>
    /// <param name="spec">A spec of <see cref="Corrected"/>, which is told what flags were taken.</param>
    public static BpfDescriptor Create(MapSpec spec, IKernel kernel, BpfDescriptor? inner, BpfDescriptor? types)
    {
        using var innerUse = new DescriptorUse(inner);
        using var typesUse = new DescriptorUse(types);
        var attributes = MapCreateAttributes.Of(spec, innerUse.Number, typesUse.Number);
        var result = kernel.Call(BpfCommand.MapCreate, ref attributes);
        var refusal = result;
        for (var step = 0; step < Steps && result < 0; step++)
        {
            if (IsLess(step, spec, result, ref attributes))
            {
                result = kernel.Call(BpfCommand.MapCreate, ref attributes);
            }
        }

        spec.Flags = attributes.Flags;

        // What is said about the first try is about what was asked for.
        return result >= 0 ? BpfDescriptor.Of(kernel, result, $"map_create {spec.Name}") : throw Refused(spec, (int)-refusal, kernel);
    }

    private static bool IsLess(int step, MapSpec spec, long result, ref MapCreateAttributes attributes) => step switch
    {
        0 => attributes.LosesTypes(),
        _ when result is not (-Errno.Invalid or -Errno.TooBig) => false,
        1 => IsDataSection(spec) && attributes.LosesFlag(MapCreateFlags.Mappable),
        2 => spec.Type == MapType.StructOps && attributes.LosesFlag(MapCreateFlags.Link),
        3 => attributes.LosesDots(),
        _ => attributes.LosesName(),
    };

    // Sections such as .rodata are one element, and may be written by system calls as well.
    private static bool IsDataSection(MapSpec spec) =>
        spec is { Type: MapType.Array, MaxEntries: 1 } && spec.Name.Contains('.', StringComparison.Ordinal);

    private static KernelException Refused(MapSpec spec, int errno, IKernel kernel) => new(errno, $"map_create {spec.Name}", errno switch
    {
        Errno.Permission => Privileges.WhyRefused(kernel),
        Errno.Invalid when spec.MaxEntries == 0 && !MapLayout.IsStorage(spec.Type) => $"{spec.Type} of no elements: set MaxEntries",
        Errno.Invalid when MapLayout.NeedsTypes(spec.Type) => $"{spec.Type} needs the types of its key and value",
        Errno.Invalid when MapLayout.HasMaps(spec.Type) =>
            $"{spec.Type}: the map that the inner ones look like is missing or unfit, or a size is wrong",
        Errno.Invalid => $"this kernel does not know {spec.Type}, or not with key {spec.KeySize}, value {spec.ValueSize}, "
            + $"{spec.MaxEntries} elements and flags 0x{spec.Flags:x}",
        Errno.TooBig => $"{spec.MaxEntries} elements, or values of {spec.ValueSize} bytes, are more than the kernel takes",
        Errno.NoMemory => "the memory, or what the control group may have of it, is used up",
        _ => null,
    });
}
