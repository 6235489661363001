using System.Collections.Immutable;
using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Loading;

/// <summary>
/// A structure of operations of an object in the form that the running kernel has of it: members are matched by their names,
/// wherever they lie, as libbpf does.
/// </summary>
/// <param name="ValueType">The kernel's type <c>bpf_struct_ops_…</c>, which is the value of the map.</param>
/// <param name="Type">The kernel's type of the structure itself.</param>
/// <param name="Module">The module that has both; null for the kernel.</param>
/// <param name="Value">The value, without programs.</param>
/// <param name="Programs">Where in the value the programs stand, and which members of the structure they are.</param>
internal sealed record StructOpsLayout(
    uint ValueType, uint Type, string? Module, byte[] Value, ImmutableArray<(string Name, int Offset, uint Member)> Programs)
{
    private const string Prefix = "bpf_struct_ops_";

    public static StructOpsLayout Of(MapSpec map, TargetTypes target)
    {
        var own = (BtfComposite)map.Types!.Get(map.Operations!.Type);
        var name = BtfName.Essential(own.Name);
        var (valueType, module) = target.Find(Prefix + name, BtfKind.Struct);
        if (valueType == 0)
        {
            throw Refused(
                map, Errno.NotSupported, $"this kernel has no operations {name} that programs can be: no type {Prefix}{name} (Linux 5.6 has the first)");
        }

        var types = target.Of(module);
        var value = (BtfComposite)types.Get(valueType);
        foreach (var member in value.Members)
        {
            if (types.Get(types.Skip(member.Type)) is BtfComposite { Kind: BtfKind.Struct } type && type.Name == name)
            {
                var bytes = new byte[value.Size];
                var programs = Match(map, own, types, type, bytes, (int)(member.BitOffset / 8));
                return new(valueType, type.Id, module, bytes, programs);
            }
        }

        throw Refused(map, Errno.NotSupported, $"the kernel's type {Prefix}{name} has no member of type {name}");
    }

    private static ImmutableArray<(string Name, int Offset, uint Member)> Match(
        MapSpec map, BtfComposite own, BtfSpec types, BtfComposite kernel, byte[] value, int start)
    {
        var data = map.Contents[0].Value;
        var there = kernel.Members.Select((member, index) => (member, index: (uint)index)).Where(m => m.member.Name.Length > 0)
            .DistinctBy(m => m.member.Name).ToDictionary(m => m.member.Name);
        var programs = ImmutableArray.CreateBuilder<(string Name, int Offset, uint Member)>();
        foreach (var member in own.Members)
        {
            var bytes = Bytes(map, member, data.Span);
            var program = map.Operations!.Programs.GetValueOrDefault(member.BitOffset / 8);
            if (there.TryGetValue(member.Name, out var found))
            {
                Check(map, member, types, found.member, program);
                var at = start + (int)(found.member.BitOffset / 8);
                if (program is not null)
                {
                    programs.Add((program, at, found.index));
                }
                else
                {
                    bytes.CopyTo(value.AsSpan(at));
                }
            }
            else if (program is not null || bytes.ContainsAnyExcept((byte)0))
            {
                throw Refused(map, Errno.NotSupported, $"this kernel's {kernel.Name} has no member '{member.Name}'; leave it zero");
            }
        }

        return programs.Count >= map.Operations!.Programs.Count
            ? programs.ToImmutable()
            : throw new BpfFormatException($"map {map.Name}: a program stands in it where no member of {own.Name} begins");
    }

    private static ReadOnlySpan<byte> Bytes(MapSpec map, BtfMember member, ReadOnlySpan<byte> data)
    {
        var (at, size) = (member.BitOffset / 8, map.Types!.SizeOf(member.Type));
        return at + size <= data.Length
            ? data.Slice((int)at, (int)size)
            : throw new BpfFormatException($"map {map.Name}: the member '{member.Name}' does not lie in its {data.Length} bytes");
    }

    private static void Check(MapSpec map, BtfMember own, BtfSpec types, BtfMember kernel, string? program)
    {
        if (own.BitSize != 0 || kernel.BitSize != 0)
        {
            throw Refused(map, Errno.NotSupported, $"the member '{own.Name}' is a bit field");
        }

        var (ownType, kernelType) = (map.Types!.Get(map.Types.Skip(own.Type)), types.Get(types.Skip(kernel.Type)));
        if (ownType.Kind != kernelType.Kind)
        {
            throw Refused(map, Errno.NotSupported, $"the member '{own.Name}' is {ownType.Kind}, the kernel's {kernelType.Kind}");
        }

        if (program is not null)
        {
            if (kernelType is not BtfReference { Kind: BtfKind.Pointer } pointer || types.Get(types.Skip(pointer.Target)) is not BtfPrototype)
            {
                throw Refused(map, Errno.NotSupported, $"the member '{own.Name}' is no function in the kernel, and cannot be {program}");
            }
        }
        else if (map.Types.SizeOf(own.Type) is var size && size != types.SizeOf(kernel.Type))
        {
            throw Refused(map, Errno.NotSupported, $"the member '{own.Name}' has {size} bytes, the kernel's {types.SizeOf(kernel.Type)}");
        }
    }

    private static KernelException Refused(MapSpec map, int errno, string why) => new(errno, $"struct_ops {map.Name}", why);
}
