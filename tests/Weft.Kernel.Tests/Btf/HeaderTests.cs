using Weft.Bpf;
using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Btf;

/// <summary>Headers are judged by the compiler: what it lays out must lie where the types said.</summary>
public sealed class HeaderTests
{
    [Fact]
    public void The_compiler_lays_out_the_types_of_this_kernel_as_they_are()
    {
        var bytes = LinuxKernel.Instance.ReadFile("/sys/kernel/btf/vmlinux");
        Assert.SkipWhen(bytes is null, "this kernel shows no BTF");
        var types = BtfSpec.Parse(bytes);
        Assert.InRange(HeaderComparison.Count(types), 3000, int.MaxValue);
    }

    /// <summary>A folder of files of BTF, of other kernels, may be named: <c>WEFT_BTF=/folder</c>.</summary>
    [Fact]
    public void The_compiler_lays_out_the_types_of_other_kernels_as_they_are()
    {
        var folder = Environment.GetEnvironmentVariable("WEFT_BTF");
        Assert.SkipWhen(folder is null, "WEFT_BTF names no folder with files of BTF");
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            var types = BtfSpec.Parse(File.ReadAllBytes(file), name: file);
            Assert.InRange(HeaderComparison.Count(types), 3000, int.MaxValue);
        }
    }

    [Fact]
    public void Packed_structures_bit_fields_and_gaps_are_laid_out_as_they_are() =>
        Assert.Equal(17, HeaderComparison.Count(ObjectSections.Types("btf_layouts.bpf.c")));

    [Fact]
    public void A_program_that_includes_it_is_relocated_and_loaded()
    {
        Privileged.Require();
        var bytes = LinuxKernel.Instance.ReadFile("/sys/kernel/btf/vmlinux");
        Assert.SkipWhen(bytes is null, "this kernel shows no BTF");
        var object_ = HeaderComparison.Compile(BtfSpec.Parse(bytes), """
            #define SEC(name) __attribute__((section(name), used))
            char _license[] SEC("license") = "GPL";
            static __u64 (*bpf_get_current_task_btf)(void) = (void *)158;
            SEC("raw_tp/sys_enter") int reads(void *context)
            {
                struct task_struct *task = (void *)bpf_get_current_task_btf();
                return task->group_leader->tgid + task->mm->mm_users.counter;
            }
            """);
        using var loaded = BpfObject.Load(ObjectSpec.Parse(object_), new() { PinFolder = null });
        Assert.Equal(4, loaded.Spec.Outline(loaded.Spec.Programs["reads"]).Relocations);
    }

    [Fact]
    public void Names_that_clash_are_told_apart()
    {
        var builder = new BtfBuilder();
        var number = builder.Add(new BtfInt(0, "int", 4, BtfIntEncoding.Signed, 32, 0));
        builder.Add(new BtfComposite(0, BtfKind.Struct, "same", 4, [new("first", number, 0, 0)]));
        builder.Add(new BtfComposite(0, BtfKind.Struct, "same", 4, [new("int", number, 0, 0)]));
        builder.Add(new BtfReference(0, BtfKind.Typedef, "same", number));
        builder.Add(new BtfReference(0, BtfKind.Typedef, "VALUE", number));
        builder.Add(new BtfEnum(0, BtfKind.Enum, "", 4, false, [new("VALUE", 1)]));
        using var header = new StringWriter();
        BtfSpec.Parse(builder.ToBytes()).WriteHeader(header);
        Assert.Contains("struct same {\n    int first;\n};\n\nstruct same___2 {\n    int int_;\n};\n\ntypedef int same;\n\ntypedef int VALUE;\n", header.ToString(), StringComparison.Ordinal);
        Assert.Contains("enum {\n    VALUE___2 = 1,\n};\n", header.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_of_the_kernel_are_declared()
    {
        var builder = new BtfBuilder();
        var task = builder.Add(new BtfComposite(0, BtfKind.Struct, "task", 0, []));
        var pointer = builder.Add(new BtfReference(0, BtfKind.Pointer, "", task));
        var prototype = builder.Add(new BtfPrototype(0, 0, [new("task", pointer)]));
        var function = builder.Add(new BtfFunction(0, "release", prototype, BtfLinkage.Static));
        builder.Add(new BtfDeclarationTag(0, "bpf_kfunc", function, -1));
        using var header = new StringWriter();
        BtfSpec.Parse(builder.ToBytes()).WriteHeader(header);
        Assert.Contains("\nextern void release(struct task *task) __weak __ksym;\n", header.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_structure_that_contains_itself_is_refused()
    {
        var builder = new BtfBuilder();
        builder.Add(new BtfComposite(0, BtfKind.Struct, "ring", 8, [new("ring", 1, 0, 0)]));
        var error = Assert.Throws<BpfFormatException>(() => BtfSpec.Parse(builder.ToBytes()).WriteHeader(TextWriter.Null));
        Assert.Contains("(ring)", error.Message, StringComparison.Ordinal);
    }

    // Each structure has the one before twice, and none has a name.
    [Fact]
    public void A_header_without_end_is_refused()
    {
        var builder = new BtfBuilder();
        var inner = builder.Add(new BtfComposite(0, BtfKind.Union, "", 0, []));
        for (var i = 0; i < 28; i++)
        {
            inner = builder.Add(new BtfComposite(0, BtfKind.Union, "", 0, [new("a", inner, 0, 0), new("b", inner, 0, 0)]));
        }

        builder.Add(new BtfReference(0, BtfKind.Typedef, "wide", inner));
        Assert.Throws<BpfFormatException>(() => BtfSpec.Parse(builder.ToBytes()).WriteHeader(TextWriter.Null));
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Any_types_become_a_header_or_are_refused()
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        var written = 0;
        for (var run = 0; run < Soak.Runs(20_000, 600_000); run++)
        {
            var builder = new BtfBuilder();
            foreach (var type in new RandomTypes(random).Types(1, random.Next(1, 12)))
            {
                builder.Add(type);
            }

            try
            {
                BtfSpec.Parse(builder.ToBytes()).WriteHeader(TextWriter.Null);
                written++;
            }
            catch (BpfFormatException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, run {run}: {e}");
            }
        }

        Assert.InRange(written, 1, int.MaxValue);
    }
}
