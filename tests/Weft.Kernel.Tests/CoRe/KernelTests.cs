using Weft.Bpf.Btf;
using Weft.Bpf.CoRe;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.CoRe;

/// <summary>Against the types of the kernel that runs here, whose offsets are computed another way.</summary>
public sealed class KernelTests
{
    private static readonly Lazy<BtfSpec?> Kernel = new(
        () => LinuxKernel.Instance.ReadFile("/sys/kernel/btf/vmlinux") is { } bytes ? BtfSpec.Parse(bytes) : null);

    [Fact]
    public void Fields_of_the_kernel_are_where_its_types_say()
    {
        Assert.SkipWhen(Kernel.Value is null, "this kernel shows no BTF");
        var types = Kernel.Value;
        var local = CoReObject.Compile("""
            struct mm_struct { u64 arg_start; } CORE; struct task_struct { int pid; struct mm_struct *mm; char comm[16]; } CORE;
            struct sock_common { u16 skc_family; u32 skc_daddr; } CORE; struct sock { struct sock_common __sk_common; } CORE;
            PROGRAM(pid, struct task_struct *p) { return p->pid; }
            PROGRAM(mm, struct task_struct *p) { return (u64)p->mm; }
            PROGRAM(comm3, struct task_struct *p) { return p->comm[3]; }
            PROGRAM(comm16, struct task_struct *p) { return EXISTS(p->comm[15]); }
            PROGRAM(arg_start, struct mm_struct *p) { return p->arg_start; }
            PROGRAM(family, struct sock *p) { return p->__sk_common.skc_family; }
            PROGRAM(address, struct sock *p) { return p->__sk_common.skc_daddr; }
            PROGRAM(size, void) { return TYPE_SIZE(struct task_struct); }
            """);
        var relocator = new CoReRelocator(local.Types, [types]);
        long Of(string program) => Relocated.Of(local, program, relocator).Number;
        Assert.Equal(OffsetOf("task_struct", "pid"), Of("pid"));
        Assert.Equal(OffsetOf("task_struct", "mm"), Of("mm"));
        Assert.Equal(OffsetOf("task_struct", "comm") + 3, Of("comm3"));
        Assert.Equal(1, Of("comm16"));
        Assert.Equal(OffsetOf("mm_struct", "arg_start"), Of("arg_start"));
        Assert.Equal(OffsetOf("sock", "__sk_common") + OffsetOf("sock_common", "skc_family"), Of("family"));
        Assert.Equal(OffsetOf("sock", "__sk_common") + OffsetOf("sock_common", "skc_daddr"), Of("address"));
        Assert.Equal(types.SizeOf(types.Find("task_struct", BtfKind.Struct).First()), Of("size"));
    }

    [Fact]
    public void Each_field_of_a_large_structure_is_found_under_its_name()
    {
        Assert.SkipWhen(Kernel.Value is null, "this kernel shows no BTF");
        var type = Kernel.Value.Find<BtfComposite>("task_struct", BtfKind.Struct)!;
        var relocator = new CoReRelocator(Kernel.Value, [Kernel.Value]);
        for (var i = 0; i < type.Members.Length; i++)
        {
            var (member, relocation) = (type.Members[i], new CoReRelocation(0, type.Id, $"0:{i}", CoReKind.FieldByteOffset));
            if (member.BitSize == 0 && member.Name.Length > 0)
            {
                Bpf.Assembly.Instruction[] program = [new(HandMade.Move, immediate: (int)member.BitOffset / 8)];
                relocator.Apply(program, relocation, "test");
                Assert.Equal((int)member.BitOffset / 8, program[0].Immediate);
            }
        }
    }

    [Fact]
    public void Types_of_the_kernel_match_themselves()
    {
        Assert.SkipWhen(Kernel.Value is null, "this kernel shows no BTF");
        var types = Kernel.Value;
        var relocator = new CoReRelocator(types, [types], steps: 1_000_000_000);
        for (var id = types.FirstId; id < types.EndId; id += 17)
        {
            if (types.KindOf(id) is BtfKind.Struct or BtfKind.Union or BtfKind.Enum && types.NameOf(id).Length > 0)
            {
                Bpf.Assembly.Instruction[] program = [new(HandMade.Move, immediate: 1)];
                relocator.Apply(program, new(0, id, "0", CoReKind.TypeMatches), "test");
                Assert.True(program[0].Immediate == 1, $"{types.NameOf(id)} does not match itself");
            }
        }
    }

    // Through anonymous members, breadth first: another order than the one under test.
    private static long OffsetOf(string type, string member)
    {
        var types = Kernel.Value!;
        var queue = new Queue<(BtfComposite Type, uint Bits)>([(types.Find<BtfComposite>(type, BtfKind.Struct)!, 0)]);
        while (queue.TryDequeue(out var next))
        {
            foreach (var m in next.Type.Members)
            {
                if (m.Name == member)
                {
                    return (next.Bits + m.BitOffset) / 8;
                }

                if (m.Name.Length == 0 && types.Get(types.Skip(m.Type)) is BtfComposite inner)
                {
                    queue.Enqueue((inner, next.Bits + m.BitOffset));
                }
            }
        }

        throw new InvalidOperationException($"{type} has no {member}");
    }
}
