using Weft.Bpf;
using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Btf;

public sealed class BtfSanitizerTests
{
    [Fact]
    public void The_kernel_takes_the_types_of_an_object_and_gives_them_back()
    {
        Privileged.Require();
        var bytes = Sanitized("btf_types.bpf.c", BtfFeatures.All);
        using var loaded = BtfObject.Load(bytes);
        Assert.Equal(bytes, loaded.ReadBytes());
        var info = loaded.Info();
        Assert.Equal(("", false, bytes.Length), (info.Name, info.IsKernel, info.Size));
        Assert.Contains(info.Id, BtfObjects.Ids());
        using var again = BtfObjects.Open(info.Id);
        Assert.Equal(info, again.Info());
    }

    [Theory]
    [InlineData("btf_types.bpf.c", false)]
    [InlineData("btf_externs.bpf.c", false)]
    [InlineData("btf_types.bpf.c", true)]
    public void The_kernel_takes_what_stands_for_kinds_that_it_were_not_to_know(string file, bool isBigEndian)
    {
        Privileged.Require();
        for (var next = 1; next <= (int)BtfFeatures.All; next *= 2)
        {
            // What kernels know grew in this order; what came after sections of variables stands for itself.
            BtfObject.Load(Sanitized(file, (BtfFeatures)(next - 1), isBigEndian)).Dispose();
            if (next > (int)BtfFeatures.DataSections)
            {
                BtfObject.Load(Sanitized(file, BtfFeatures.All & ~(BtfFeatures)next, isBigEndian)).Dispose();
            }
        }
    }

    [Fact]
    public void Sections_and_variables_are_where_the_object_has_them()
    {
        var types = BtfSpec.Parse(Sanitized("btf_types.bpf.c", BtfFeatures.All));
        var original = ObjectSections.Types("btf_types.bpf.c");
        Assert.Equal(original.EndId, types.EndId);
        var data = types.Find<BtfDataSection>(".data", BtfKind.DataSection)!;
        Assert.Equal(8u, data.Size);
        Assert.Equal([0u, 4u], data.Variables.Select(v => v.Offset));
        var bss = types.Find<BtfDataSection>(".bss", BtfKind.DataSection)!;
        Assert.Equal(["keep_alias", "keep_all", "keep_event", "keep_pair", "zeroed"], bss.Variables.Select(v => types.NameOf(v.Type)).Order());
        Assert.True(bss.Variables.Zip(bss.Variables.Skip(1)).All(p => p.First.Offset + p.First.Size <= p.Second.Offset));
        Assert.Equal(BtfLinkage.Static, types.Find<BtfFunction>("secret", BtfKind.Function)!.Linkage);
        Assert.Equal(BtfLinkage.Global, types.Find<BtfFunction>("helper", BtfKind.Function)!.Linkage);
    }

    [Fact]
    public void Each_kind_is_replaced_by_one_of_the_same_size()
    {
        var original = ObjectSections.Types("btf_types.bpf.c");
        var types = BtfSpec.Parse(Sanitized("btf_types.bpf.c", BtfFeatures.None));
        var expected = new Dictionary<BtfKind, BtfKind>
        {
            [BtfKind.Variable] = BtfKind.Int,
            [BtfKind.DataSection] = BtfKind.Struct,
            [BtfKind.DeclarationTag] = BtfKind.Int,
            [BtfKind.Prototype] = BtfKind.Enum,
            [BtfKind.Function] = BtfKind.Typedef,
            [BtfKind.Float] = BtfKind.Struct,
            [BtfKind.TypeTag] = BtfKind.Const,
            [BtfKind.Enum64] = BtfKind.Union,
        };
        for (var id = 1u; id < original.EndId; id++)
        {
            Assert.Equal(expected.GetValueOrDefault(original.KindOf(id), original.KindOf(id)), types.KindOf(id));
        }

        var section = types.Find<BtfComposite>("_data", BtfKind.Struct)!;
        Assert.Equal(["counter", "hidden_away"], section.Members.Select(m => m.Name));
        Assert.Equal("__data_maybe", types.NameOf(original.FindId("?.data.maybe", BtfKind.DataSection)));
        Assert.False(types.Find<BtfEnum>("depth", BtfKind.Enum)!.IsSigned);
        var floating = original.FindId("double", BtfKind.Float);
        Assert.Equal((8u, ""), types.Get(floating) is BtfComposite c ? (c.Size, c.Name) : default);
        var wide = (BtfComposite)types.Get(original.FindId("wide", BtfKind.Enum64));
        Assert.All(wide.Members, m => Assert.Equal("enum64_placeholder", types.NameOf(m.Type)));
    }

    [Fact]
    public void Question_marks_of_sections_are_replaced_alone_where_a_kernel_knows_sections()
    {
        var types = BtfSpec.Parse(Sanitized("btf_types.bpf.c", BtfFeatures.All & ~BtfFeatures.QuestionMarks));
        Assert.NotEqual(0u, types.FindId("_.data.maybe", BtfKind.DataSection));
        Assert.NotEqual(0u, types.FindId(".data.more", BtfKind.DataSection));
    }

    [Fact]
    public void What_is_defined_elsewhere_becomes_a_number_of_four_bytes()
    {
        var types = BtfSpec.Parse(Sanitized("btf_externs.bpf.c", BtfFeatures.All));
        var section = types.Find<BtfDataSection>(".ksyms", BtfKind.DataSection)!;
        Assert.Equal(16u, section.Size);
        Assert.Equal([(0u, 4u), (4u, 4u), (8u, 4u), (12u, 4u)], section.Variables.Select(v => (v.Offset, v.Size)));
        Assert.Equal(["dummy_ksym", "dummy_ksym", "bpf_prog_active", "runqueues"], section.Variables.Select(v => types.NameOf(v.Type)));
        Assert.All(section.Variables, v => Assert.Equal("int", types.NameOf(((BtfVariable)types.Get(v.Type)).Type)));
        var function = types.Find<BtfFunction>("bpf_task_acquire", BtfKind.Function)!;
        Assert.Equal(BtfLinkage.Global, function.Linkage);
        Assert.Equal("dummy_ksym", ((BtfPrototype)types.Get(function.Prototype)).Parameters[0].Name);
        var settings = types.Find<BtfDataSection>(".kconfig", BtfKind.DataSection)!;
        Assert.Equal(5u, settings.Size);
        Assert.Equal([0u, 4u], settings.Variables.Select(v => v.Offset));
        Assert.All(settings.Variables, v => Assert.Equal(BtfLinkage.Global, ((BtfVariable)types.Get(v.Type)).Linkage));
    }

    [Fact]
    public void A_section_or_variable_that_is_not_in_the_object_is_told()
    {
        var types = ObjectSections.Types("btf_types.bpf.c");
        Assert.Contains("section", Assert.Throws<BpfFormatException>(() => BtfSanitizer.ForKernel(types, new BtfLayout())).Message);
        var layout = new BtfLayout { SectionSize = _ => 64 };
        Assert.Contains("variable", Assert.Throws<BpfFormatException>(() => BtfSanitizer.ForKernel(types, layout)).Message);
    }

    [Fact]
    public void Types_of_nothing_are_loaded_nevertheless()
    {
        Privileged.Require();
        BtfObject.Load(BtfSanitizer.ForKernel(BtfSpec.Parse(new BtfBuilder().ToBytes()), new BtfLayout())).Dispose();
    }

    [Fact]
    public void A_kernel_that_refuses_types_says_why()
    {
        Privileged.Require();
        var builder = new BtfBuilder();
        builder.Add(new BtfReference(0, BtfKind.Typedef, "nothing", 77));
        var refused = Assert.Throws<KernelException>(() => BtfObject.Load(builder.ToBytes()));
        Assert.Equal((Errno.Invalid, "btf_load"), (refused.Errno, refused.Stage));
        Assert.Contains("Invalid type_id", refused.Message);
    }

    [Fact]
    public void What_this_kernel_takes_is_found_out()
    {
        Privileged.Require();
        Assert.Equal(BtfFeatures.All, BtfFeatureProbe.Of() | BtfFeatures.QuestionMarks);
    }

    [Fact]
    public void What_another_kernel_takes_is_found_out_and_no_privilege_says_nothing()
    {
        // The integer, the eight things in order; what is refused is asked again for the reason. Descriptors are of no file.
        var kernel = new WatchedKernel();
        foreach (var answer in (int[])[9000, 9000, 9000, -Errno.Invalid, -Errno.Invalid, 9000, 9000, 9000, -Errno.Invalid, -Errno.Invalid, 9000])
        {
            kernel.LoadAnswers.Enqueue(answer);
        }

        Assert.Equal(BtfFeatures.All & ~(BtfFeatures.GlobalFunctions | BtfFeatures.Enum64), BtfFeatureProbe.Of(kernel));
        Assert.Empty(kernel.LoadAnswers);
        kernel.LoadAnswers.Enqueue(-Errno.Permission);
        kernel.LoadAnswers.Enqueue(-Errno.Permission);
        Assert.Equal(Errno.Permission, Assert.Throws<KernelException>(() => BtfFeatureProbe.Of(kernel)).Errno);
    }

    [Fact]
    public void A_log_gets_room_until_it_fits_and_its_last_line_is_the_reason()
    {
        var kernel = new WatchedKernel { Log = "[1] INT int\n[2] STRUCT s\nInvalid member offset\n" };
        foreach (var answer in (int[])[Errno.Invalid, Errno.NoSpace, Errno.NoSpace, Errno.Invalid])
        {
            kernel.LoadAnswers.Enqueue(-answer);
        }

        var refused = Assert.Throws<KernelException>(() => BtfObject.Load(new byte[24], kernel));
        Assert.Equal("btf_load: EINVAL: Invalid member offset", refused.Message);
        Assert.Equal([0u, 1u << 16, 1u << 18, 1u << 20], kernel.LogSizes);

        // Without a log an old kernel gets no more attributes than it knows.
        Assert.Equal(24, kernel.Loads[0].Length);
        Assert.Equal(24u, BitConverter.ToUInt32(kernel.Loads[0], 16));
    }

    private static byte[] Sanitized(string file, BtfFeatures features, bool isBigEndian = false)
    {
        // What a loader decides: settings stand one after another.
        var layout = ObjectSections.Of(file, isBigEndian).Layout;
        var settings = new BtfLayout
        {
            SectionSize = name => name == ".kconfig" ? 5 : layout.SectionSize(name),
            VariableOffset = (section, name) => section == ".kconfig" ? name.StartsWith("CONFIG", StringComparison.Ordinal) ? 4u : 0 : layout.VariableOffset(section, name),
            IsHidden = layout.IsHidden,
        };
        return BtfSanitizer.ForKernel(ObjectSections.Types(file, isBigEndian), settings, features);
    }
}
