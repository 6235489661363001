using Weft.Bpf.Build.Tool;

namespace Weft.Kernel.Tests.Bindings;

/// <summary>What MSBuild calls.</summary>
public sealed class ToolTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-bindings-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Files_that_are_included_are_found_with_their_spaces()
    {
        var text = "out/a.o: a.c \\\n  with\\ space.h \\\n cost$$.h\\\r\n  x\\#y.h\n";
        Assert.Equal(["a.c", "with space.h", "cost$.h", "x#y.h"], DependencyFile.Parse(text));
        Assert.Empty(DependencyFile.Parse("nothing"));
    }

    [Fact]
    public void C_becomes_an_object_and_a_class()
    {
        Stage.Clang.Compile("maps.bpf.c");
        var source = Path.Combine(AppContext.BaseDirectory, "bpf", "tests", "maps.bpf.c");
        Assert.Equal(0, BuildTool.Run(Arguments(source, "maps.o")));
        Assert.Contains("class Maps ", File.ReadAllText(At("code.cs")), StringComparison.Ordinal);
        var inputs = File.ReadAllText(At("inputs")).Split(';');
        Assert.Contains(inputs, file => file.EndsWith("/check.h", StringComparison.Ordinal));
        Assert.Contains(source, inputs);
    }

    [Fact]
    public void What_is_wrong_is_an_error_that_names_the_file()
    {
        var broken = At("broken.bpf.o");
        File.WriteAllText(broken, "no object");
        var error = Assert.Throws<ToolException>(() => BuildTool.Run(Arguments(broken, "broken.bpf.o")));
        Assert.Equal((broken, "BPF0003"), (error.Place, error.Code));

        File.WriteAllText(At("empty.c"), "");
        error = Assert.Throws<ToolException>(() => BuildTool.Run(Arguments(At("empty.c"), "empty.o", "--clang", "/nowhere/clang")));
        Assert.Equal("BPF0001", error.Code);
        error = Assert.Throws<ToolException>(() => BuildTool.Run(Arguments(At("empty.c"), "empty.o", "--clang", Old())));
        Assert.Equal("BPF0002", error.Code);
        Assert.Contains("is version 9; eBPF wants clang 12 or newer", error.Message, StringComparison.Ordinal);
    }

    // A program that says that it is an old clang.
    private string Old()
    {
        File.WriteAllText(At("old"), "#!/bin/sh\necho clang version 9.0.1\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At("old"), Executable);
        }

        return At("old");
    }

    private ToolArguments Arguments(string source, string target, params string[] more) =>
        ToolArguments.Parse(["--source", source, "--object", At(target), "--code", At("code.cs"), "--inputs", At("inputs"), .. more]);

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
