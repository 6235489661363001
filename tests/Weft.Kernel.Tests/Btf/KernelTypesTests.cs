using Weft.Bpf;
using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Btf;

public sealed class KernelTypesTests
{
    private const string Path = "/sys/kernel/btf/vmlinux";

    [Fact]
    public void The_kernels_types_are_found_by_name_and_kind()
    {
        using var kernel = Load();
        var types = kernel.Kernel;
        var task = types.Find<BtfComposite>("task_struct", BtfKind.Struct);
        Assert.NotNull(task);
        Assert.Contains(task.Members, m => m.Name == "pid");
        Assert.Equal(task.Size, types.SizeOf(task.Id));
        Assert.Contains(task.Id, types.FindFlavours("task_struct"));
        Assert.Equal("task_struct", BtfName.Essential("task_struct___v2"));
        for (var id = types.FirstId; id < types.EndId; id++)
        {
            Assert.Equal(id, types.Get(id).Id);
        }
    }

    [Fact]
    public void Each_name_of_the_kernel_is_found_as_if_all_types_were_looked_through()
    {
        using var kernel = Load();
        var types = kernel.Kernel;
        var byName = new Dictionary<string, List<uint>>();
        var byEssence = new Dictionary<string, List<uint>>();
        for (var id = types.FirstId; id < types.EndId; id++)
        {
            if (types.NameOf(id) is var name and not "")
            {
                Add(byName, name, id);
                Add(byEssence, BtfName.Essential(name), id);
            }
        }

        Assert.All(byName, named => Assert.Equal(named.Value, types.Find(named.Key)));
        Assert.All(byEssence, named => Assert.Equal(named.Value, types.FindFlavours(named.Key)));
        Assert.True(byName.Count > 10_000);
    }

    [Fact]
    public void Types_are_the_same_where_the_kernel_lets_nobody_map_them()
    {
        using var mapped = Load();
        var kernel = new WatchedKernel { MapRefusal = -Errno.NoDevice };
        using var read = KernelTypes.Load(kernel);
        using var file = KernelTypes.FromFile(Path);
        Assert.True(mapped.Kernel.Bytes.Span.SequenceEqual(read.Kernel.Bytes.Span));
        Assert.True(mapped.Kernel.Bytes.Span.SequenceEqual(file.Kernel.Bytes.Span));
        Assert.Empty(kernel.Opened);
    }

    [Fact]
    public void Nothing_is_left_of_types_that_were_disposed_of()
    {
        Load().Dispose();
        var kernel = new WatchedKernel();
        var types = KernelTypes.Load(kernel);
        Assert.NotEqual(0u, types.Kernel.FindId("task_struct", BtfKind.Struct));
        Assert.Equal(1, kernel.Mapped);
        Assert.Empty(kernel.Opened);
        types.Dispose();
        types.Dispose();
        Assert.Equal(0, kernel.Mapped);
        Assert.Throws<ObjectDisposedException>(() => types.Kernel.Get(1));
        Assert.Throws<ObjectDisposedException>(() => types.Kernel.FindId("task_struct", BtfKind.Struct));
        Assert.Throws<ObjectDisposedException>(() => types.Module("nf_tables"));
    }

    [Fact]
    public void Modules_are_opened_when_they_are_asked_for()
    {
        using var kernel = Load();
        Assert.Null(kernel.Module("no_such_module"));
        Assert.Null(kernel.Module("vmlinux"));
        Assert.Null(kernel.Module("../btf/vmlinux"));
        foreach (var name in kernel.ModuleNames.Where(n => File.Exists($"/sys/kernel/btf/{n}")))
        {
            var module = kernel.Module(name)!;
            Assert.Same(module, kernel.Module(name));
            Assert.Equal(kernel.Kernel.EndId, module.FirstId);
        }
    }

    [Fact]
    public void A_module_continues_the_kernels_types()
    {
        using var bottom = Load();
        var builder = new BtfBuilder(bottom.Kernel);
        var task = bottom.Kernel.FindId("task_struct", BtfKind.Struct);
        builder.Add(new BtfReference(0, BtfKind.Typedef, "task_of_module", task));
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = System.IO.Path.Combine(folder.FullName, "module");
            File.WriteAllBytes(path, builder.ToBytes());
            var kernel = new WatchedKernel { Redirected = ("/sys/kernel/btf/module", path) };
            using var types = KernelTypes.Load(kernel);
            var module = types.Module("module")!;
            var alias = module.FindId("task_of_module", BtfKind.Typedef);
            Assert.Equal(types.Kernel.EndId, alias);
            Assert.Equal(task, module.Skip(alias));
            Assert.Equal("task_struct", module.NameOf(task));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_file_that_is_no_BTF_is_refused_and_one_that_is_not_there()
    {
        var path = System.IO.Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "this is no BTF, although it is longer than a header");
            Assert.Throws<BpfFormatException>(() => KernelTypes.FromFile(path));
            File.WriteAllBytes(path, []);
            Assert.Throws<BpfFormatException>(() => KernelTypes.FromFile(path));
            File.WriteAllBytes(path, new BtfBuilder().ToBytes()[..^1]);
            Assert.Throws<BpfFormatException>(() => KernelTypes.FromFile(path));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal(Errno.NoEntry, Assert.Throws<KernelException>(() => KernelTypes.FromFile(path)).Errno);
    }

    private static KernelTypes Load()
    {
        Assert.SkipUnless(File.Exists(Path), "this kernel shows no BTF");
        return KernelTypes.Load();
    }

    private static void Add(Dictionary<string, List<uint>> ids, string name, uint id)
    {
        if (!ids.TryGetValue(name, out var list))
        {
            ids[name] = list = [];
        }

        list.Add(id);
    }
}
