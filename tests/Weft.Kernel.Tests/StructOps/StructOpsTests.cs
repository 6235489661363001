using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Kernel.Tests.Links;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.StructOps;

/// <summary>Structures of operations that programs are: the congestion controls of <c>congestion.bpf.c</c>.</summary>
public sealed class StructOpsTests
{
    private static readonly string[] Operations = ["begin", "undo", "threshold", "avoid"];

    [Fact]
    public void Variables_of_the_sections_are_maps()
    {
        var spec = Spec();
        Assert.Equal(
            ["first", "later", "plain", "second", "unknown"],
            spec.Maps.Values.Where(m => m.Type == MapType.StructOps).Select(m => m.Name).Order());
        Assert.Equal((0u, MapCreateFlags.Link), (spec.Maps["plain"].Flags, spec.Maps["first"].Flags));
        Assert.Equal((true, false), (spec.Maps["plain"].Loads, spec.Maps["later"].Loads));
        Assert.Equal(Operations.Order(), spec.Maps["first"].Operations!.Programs.Values.Order());
        Assert.StartsWith("weft_link\0", System.Text.Encoding.ASCII.GetString(spec.Maps["first"].Contents[0].Value.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_are_loaded_with_the_structures_that_they_are_operations_of()
    {
        using var loaded = Load();
        Assert.Equal(["avoid", "begin", "begin_second", "threshold", "undo"], loaded.Programs.Keys.Order());
        Assert.Equal(["first", "plain", "second"], loaded.Maps.Values.Where(m => m.Type == MapType.StructOps).Select(m => m.Name).Order());
    }

    [Fact]
    public void A_socket_uses_a_congestion_control_until_its_link_is_disposed()
    {
        using var loaded = Load();
        using (var link = Attach.StructOps(loaded.Maps["first"]))
        {
            Assert.True(Conversation.IsThere("weft_link"));
            Assert.Equal(LinkType.StructOps, link.Info.Type);
            Conversation.Hold("weft_link");
            Assert.True(Number(loaded, "begun") >= 1);
            Assert.True(Number(loaded, "acknowledged") > 0);
            var error = Assert.Throws<KernelException>(() => Attach.StructOps(loaded.Maps["second"]));
            Assert.Contains("of this name already", error.Message, StringComparison.Ordinal);
        }

        Assert.False(Conversation.IsThere("weft_link"));

        // One with links may be attached again.
        Attach.StructOps(loaded.Maps["first"]).Dispose();
    }

    [Fact]
    public void Another_structure_takes_the_place_of_one_that_is_attached()
    {
        using var loaded = Load();
        using var link = Attach.StructOps(loaded.Maps["first"]);
        link.Update(loaded.Maps["second"]);
        Conversation.Hold("weft_link");
        Assert.Equal((0u, true), (Number(loaded, "begun"), Number(loaded, "begun_second") >= 1));
        link.Update(loaded.Maps["first"]);
        Conversation.Hold("weft_link");
        Assert.True(Number(loaded, "begun") >= 1);
        Assert.Throws<BpfNotSupportedException>(() => link.Update(loaded.Maps["plain"]));
        Assert.Throws<BpfNotSupportedException>(() => link.Update(loaded.Maps[".bss"]));
    }

    [Fact]
    public void A_structure_without_a_link_is_attached_while_its_map_has_a_value()
    {
        using var loaded = Load();
        using (var link = Attach.StructOps(loaded.Maps["plain"]))
        {
            Conversation.Hold("weft_plain");
            Assert.True(Number(loaded, "begun") >= 1);
            Assert.Throws<BpfNotSupportedException>(() => link.Info);
            link.Detach();
        }

        Assert.False(Conversation.IsThere("weft_plain"));
        var error = Assert.Throws<KernelException>(() => Attach.StructOps(loaded.Maps["plain"]));
        Assert.Contains("load its object again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_of_operations_may_be_pinned()
    {
        Apart.Run(() =>
        {
            const string Path = Apart.BpfFolder + "/congestion";
            using var loaded = Load();
            var link = Attach.StructOps(loaded.Maps["first"]);
            link.Pin(Path);
            link.Dispose();
            Assert.True(Conversation.IsThere("weft_link"));
            using var again = BpfLink.OpenPinned(Path);
            again.Detach();
            Assert.False(Conversation.IsThere("weft_link"));
        });
    }

    [Fact]
    public void What_the_kernel_does_not_have_is_told_by_name()
    {
        Privileged.Require();
        Assert.Contains("has no member 'not_there_either'", Refusal("later"), StringComparison.Ordinal);
        Assert.Contains("no operations no_such_ops", Refusal("unknown"), StringComparison.Ordinal);
        var spec = Spec();

        // In the third member, which this kernel has not, either.
        spec.Maps["first"].Contents[0].Value.Span[24] = 1;
        Assert.Contains("has no member 'not_there'", Assert.Throws<KernelException>(() => BpfObject.Load(spec)).Message, StringComparison.Ordinal);
        using var loaded = Load();
        Assert.Throws<BpfNotSupportedException>(() => Attach.StructOps(loaded.Maps[".bss"]));
        Assert.Contains("Attach.StructOps", Assert.Throws<BpfNotSupportedException>(() => Attach.Auto(loaded.Programs["begin"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_kernel_tells_what_it_misses()
    {
        Privileged.Require();
        var spec = Spec();
        spec.Maps["first"].Contents[0].Value.Span[..16].Clear();
        using var loaded = BpfObject.Load(spec);
        var error = Assert.Throws<KernelException>(() => Attach.StructOps(loaded.Maps["first"]));
        Assert.Contains("EINVAL", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_of_one_operation_is_loaded_alone()
    {
        Privileged.Require();
        var spec = Spec();
        using var loaded = BpfObject.Load(spec, new() { Only = spec.Programs["threshold"] });
        Assert.Equal(["threshold"], loaded.Programs.Keys);
    }

    private static string Refusal(string map)
    {
        var spec = Spec();
        spec.Maps[map].Loads = true;
        return Assert.Throws<KernelException>(() => BpfObject.Load(spec)).Message;
    }

    private static ObjectSpec Spec() => ObjectSpec.Parse(Clang.Compile("congestion.bpf.c", more: "-D__TARGET_ARCH_x86"));

    private static BpfObject Load()
    {
        Privileged.Require();
        return BpfObject.Load(Spec(), new() { PinFolder = null });
    }

    private static uint Number(BpfObject loaded, string variable)
    {
        var place = loaded.Spec.Variables[variable];
        var bytes = new byte[loaded.Maps[place.Map].ValueSize];
        Assert.True(loaded.Maps[place.Map].TryLookup(new byte[4], bytes));
        return MemoryMarshal.Read<uint>(bytes.AsSpan(place.Offset));
    }
}
