using Weft.Bpf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Maps;

public sealed class MapPinTests
{
    private static MapSpec Spec => new() { Name = "t_pinned", Type = MapType.Hash, KeySize = 4, ValueSize = 4, MaxEntries = 8 };

    [Fact]
    public void A_pinned_map_stays_until_its_pin_is_taken_away()
    {
        Privileged.Require();
        using var folder = BpfFolder.Mount();
        var path = folder.Of("one");
        using (var map = BpfMap.Create(Spec))
        {
            new Map<uint, uint>(map)[1] = 2;
            map.Pin(path);
            Assert.Equal(Errno.Exists, Assert.Throws<KernelException>(() => map.Pin(path)).Errno);
        }

        using (var opened = BpfMap.OpenPinned(path, Spec))
        {
            Assert.Equal(2u, new Map<uint, uint>(opened)[1]);
            Assert.Equal("t_pinned", opened.Name);
        }

        Assert.True(BpfMap.Unpin(path));
        Assert.False(BpfMap.Unpin(path));
        Assert.Equal(Errno.NoEntry, Assert.Throws<KernelException>(() => BpfMap.OpenPinned(path)).Errno);
    }

    [Fact]
    public void A_pin_is_replaced_in_one_step_and_nothing_is_left_beside_it()
    {
        Privileged.Require();
        using var folder = BpfFolder.Mount();
        var path = folder.Of("one");
        using var first = BpfMap.Create(Spec);
        using var second = BpfMap.Create(Spec);
        first.Pin(path);
        second.Pin(path, replaces: true);
        using var opened = BpfMap.OpenPinned(path);
        Assert.Equal(second.Info.Id, opened.Info.Id);
        // What the kernel itself shows there has a dot.
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path).Where(f => Path.GetExtension(f).Length == 0));
        Assert.True(BpfMap.Unpin(path));
    }

    [Fact]
    public void A_pinned_map_of_another_kind_is_refused_with_all_that_differs()
    {
        Privileged.Require();
        using var folder = BpfFolder.Mount();
        var path = folder.Of("one");
        using var map = BpfMap.Create(Spec);
        map.Pin(path);
        var expected = Spec;
        (expected.Type, expected.ValueSize, expected.MaxEntries) = (MapType.LruHash, 8, 9);
        var error = Assert.Throws<MapMismatchException>(() => BpfMap.OpenPinned(path, expected));
        Assert.Equal(
            ["its type is Hash, but LruHash is expected", "its value size is 4, but 8 is expected", "its elements is 8, but 9 is expected"],
            error.Differences);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pinned_program_is_no_map()
    {
        Privileged.Require();
        using var folder = BpfFolder.Mount();
        using var program = Programs.Returning(0, ProgramType.SocketFilter);
        Pins.Pin(LinuxKernel.Instance, program.Descriptor, folder.Of("one"), false, "pin");
        Assert.Contains("prog_type", Assert.Throws<MapMismatchException>(() => BpfMap.OpenPinned(folder.Of("one"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_opened_to_be_read_only_is_not_written()
    {
        Privileged.Require();
        using var folder = BpfFolder.Mount();
        using var map = BpfMap.Create(Spec);
        map.Pin(folder.Of("one"));
        using var opened = BpfMap.OpenPinned(folder.Of("one"), Spec, isReadOnly: true);
        var error = Assert.Throws<KernelException>(() => new Map<uint, uint>(opened)[1] = 1);
        Assert.Equal(Errno.Permission, error.Errno);
        Assert.Contains("only read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_with_dots_and_other_file_systems_are_refused_with_a_hint()
    {
        Privileged.Require();
        using var map = BpfMap.Create(Spec);
        var error = Assert.ThrowsAny<KernelException>(() => map.Pin(Path.Combine(Path.GetTempPath(), "weft-no-bpf")));
        Assert.True(error.Errno is Errno.Permission or Errno.Invalid, error.Message);
    }
}
