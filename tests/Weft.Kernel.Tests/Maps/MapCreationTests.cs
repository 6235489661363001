using Weft.Bpf;
using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Maps;

public sealed class MapCreationTests
{
    private static MapSpec Data => new()
    {
        Name = "obj.rodata",
        Type = MapType.Array,
        KeySize = 4,
        ValueSize = 8,
        MaxEntries = 1,
        Flags = MapCreateFlags.Mappable,
    };

    [Fact]
    public void On_a_kernel_without_names_a_map_is_made_without_one()
    {
        Privileged.Require();
        using var map = BpfMap.Create(Data, new OldKernel { HasNames = false, HasMappableArrays = false });
        Assert.Equal(("", 0u), (map.Info.Name, map.Info.Flags));
        Assert.Equal(("obj.rodata", 0u), (map.Name, map.Spec.Flags));
    }

    [Fact]
    public void On_a_kernel_without_dots_in_names_the_name_is_kept_without_them()
    {
        Privileged.Require();
        using var map = BpfMap.Create(Data, new OldKernel { HasDottedNames = false });
        Assert.Equal("obj_rodata", map.Info.Name);
    }

    [Fact]
    public void On_a_kernel_whose_attributes_are_shorter_a_map_is_made_with_what_fits()
    {
        Privileged.Require();
        using var map = BpfMap.Create(Data, new OldKernel { AttributeSize = 28, HasMappableArrays = false });
        Assert.Equal("", map.Info.Name);
    }

    [Fact]
    public void A_map_that_was_asked_to_be_mappable_is_not_made_otherwise()
    {
        Privileged.Require();
        var spec = Data;
        spec.Name = "mine";
        var error = Assert.Throws<KernelException>(() => BpfMap.Create(spec, new OldKernel { HasMappableArrays = false }));
        Assert.Equal((Errno.Invalid, "map_create mine"), (error.Errno, error.Stage));
    }

    [Theory]
    [InlineData(MapType.Hash, uint.MaxValue, 8)]
    [InlineData(MapType.Array, 4, uint.MaxValue)]
    [InlineData(MapType.PerCpuArray, 4, uint.MaxValue - 6)]
    public void Sizes_above_what_any_kernel_takes_are_refused_without_asking_it(MapType type, uint keySize, uint valueSize)
    {
        var spec = new MapSpec { Name = "huge", Type = type, KeySize = keySize, ValueSize = valueSize, MaxEntries = 1 };
        var error = Assert.Throws<KernelException>(() => BpfMap.Create(spec, new BlindKernel()));
        Assert.Equal((Errno.TooBig, "map_create huge"), (error.Errno, error.Stage));
    }

    [Fact]
    public void Types_are_left_out_once_when_they_are_refused_and_always_where_the_kernel_refuses_them()
    {
        Privileged.Require();
        using var types = BpfDescriptor.Of(LinuxKernel.Instance, FlowTypes.Load(LinuxKernel.Instance), "load types");
        var spec = new MapSpec { Name = "t_types", Type = MapType.Hash, KeySize = 4, ValueSize = 4, MaxEntries = 1, KeyType = 1, ValueType = 1 };
        using (var map = BpfMap.Create(spec, types: types))
        {
            Assert.Equal((1u, 1u), (map.Info.KeyType, map.Info.ValueType));
        }

        var old = new OldKernel { HasTypes = false };
        using (var map = BpfMap.Create(spec, old, types: types))
        {
            Assert.Equal((0u, "t_types"), (map.Info.TypesId, map.Info.Name));
            Assert.Equal(2, old.Asked.Count(a => a.Command == BpfCommand.MapCreate));
        }

        (spec.Type, spec.KeySize) = (MapType.Queue, 0);
        using var queue = BpfMap.Create(spec, types: types);
        Assert.Equal(0u, queue.Info.TypesId);
    }

    /// <summary>As cilium/ebpf does; libbpf 1.1.2 is refused.</summary>
    [Theory]
    [InlineData(MapType.RingBuffer, 4096u, 0)]
    [InlineData(MapType.PerfEventArray, 1u, 4)]
    public void What_a_buffer_says_of_its_records_is_not_told_to_the_kernel(MapType type, uint entries, int size)
    {
        Privileged.Require();
        using var types = BpfDescriptor.Of(LinuxKernel.Instance, FlowTypes.Load(LinuxKernel.Instance), "load types");
        var spec = new MapSpec
        {
            Name = "t_records",
            Type = type,
            KeySize = 4,
            ValueSize = 8,
            MaxEntries = entries,
            Types = BtfSpec.Parse(FlowTypes.Bytes),
            KeyType = FlowTypes.Number,
            ValueType = FlowTypes.Flow,
        };
        using var map = BpfMap.Create(spec, types: types);
        Assert.Equal((size, size, 0u), (map.KeySize, map.ValueSize, map.Info.ValueType));
        Assert.Equal((8u, FlowTypes.Flow), (spec.ValueSize, spec.ValueType));
        (spec.KeyType, spec.ValueType) = (0, 0);
        Assert.Throws<KernelException>(() => BpfMap.Create(spec));
    }

    [Fact]
    public void A_refusal_names_the_missing_right_and_never_the_locked_memory()
    {
        var kernel = new OldKernel { Refusal = Errno.Permission, Files = new() { ["/proc/thread-self/status"] = "Name:\tx\nCapEff:\t0000000000000000\n" } };
        var error = Assert.Throws<KernelException>(() => BpfMap.Create(Data, kernel));
        Assert.Equal("map_create obj.rodata: EPERM: the process has neither CAP_BPF nor CAP_SYS_ADMIN", error.Message);
        kernel = new OldKernel
        {
            Refusal = Errno.Permission,
            Files = new()
            {
                ["/proc/thread-self/status"] = "CapEff:\t000001ffffffffff\n",
                ["/sys/kernel/security/lockdown"] = "none [integrity] confidentiality\n",
            },
        };
        Assert.Contains("locked down (integrity)", Assert.Throws<KernelException>(() => BpfMap.Create(Data, kernel)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_holds_its_contents_from_the_beginning_and_is_frozen()
    {
        Privileged.Require();
        var spec = Data;
        spec.Freeze = true;
        spec.Contents.Add(new(new byte[4], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }));
        using var map = BpfMap.Create(spec);
        map.Fill(name => throw new InvalidOperationException(name));
        Assert.True(map.Info.IsFrozen);
        var value = new byte[8];
        Assert.True(map.TryLookup(new byte[4], value));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], value);
        var error = Assert.Throws<KernelException>(() => map.Update(new byte[4], value));
        Assert.Equal((Errno.Permission, true), (error.Errno, error.Message.Contains("frozen", StringComparison.Ordinal)));
        Assert.Contains("frozen already", Assert.Throws<KernelException>(map.Freeze).Message, StringComparison.Ordinal);
        Assert.Throws<KernelException>(() => map.OpenMemory());
        using var memory = map.OpenMemory(isWritable: false);
        Assert.Equal(0x0807060504030201ul, memory.Read<ulong>(0));
    }

    [Fact]
    public void References_in_contents_are_resolved_by_name()
    {
        Privileged.Require();
        using var program = Programs.Returning(3, ProgramType.SocketFilter);
        var spec = new MapSpec { Name = "t_table", Type = MapType.ProgramArray, MaxEntries = 2 };
        spec.Contents.Add(new(new byte[] { 1, 0, 0, 0 }, Memory<byte>.Empty, "target"));
        using var map = BpfMap.Create(spec);
        map.Fill(name => name == "target" ? program.Descriptor : throw new InvalidOperationException(name));
        Assert.Equal(program.Info.Id, new Map<uint, uint>(map)[1]);
    }

    [Theory]
    [InlineData("0", 1)]
    [InlineData("0-3\n", 4)]
    [InlineData("0-3,8,10-11", 7)]
    [InlineData("", -1)]
    [InlineData("3-0", -1)]
    [InlineData("x", -1)]
    [InlineData("0-99999999", -1)]
    public void Possible_processors_are_counted(string list, int count) => Assert.Equal(count, PossibleProcessors.CountOf(list));

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(1u, 4096u)]
    [InlineData(4096u, 4096u)]
    [InlineData(12_288u, 16_384u)]
    [InlineData(0x8000_0001u, 0x8000_0001u)]
    public void Ring_buffers_become_pages_times_a_power_of_two(uint wanted, uint size) => Assert.Equal(size, MapLayout.RingSize(wanted, 4096));

    [Fact]
    public void Types_of_a_map_of_a_damaged_spec_only_give_format_errors()
    {
        Privileged.Require();
        var spec = Data;
        (spec.Name, spec.Types, spec.ValueType) = ("t_bad", BtfSpec.Parse(FlowTypes.Bytes), 77);
        using var map = BpfMap.Create(spec);
        Assert.Throws<BpfFormatException>(() => new Map<uint, ulong>(map));
    }
}
