using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Weft.Bpf;
using Weft.Bpf.Build;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Bindings;

public sealed class WriterTests
{
    private static readonly string[] Sources =
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "bpf", "tests"), "*.bpf.c").Select(f => Path.GetFileName(f))];

    // For what reads registers.
    private static readonly string Machine =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "-D__TARGET_ARCH_arm64" : "-D__TARGET_ARCH_x86";

    private static readonly BindingSettings Settings = new() { ClassName = Compiled.Class, Resource = "probe.bpf.o" };

    [Fact]
    public void Bindings_of_all_objects_compile_without_a_warning()
    {
        foreach (var source in Sources)
        {
            Compiled.Of(Clang.Compile(source, more: Machine), Settings with { IsPublic = true, Namespace = null });
        }
    }

    [Fact]
    public void Maps_have_types_of_their_keys_and_values()
    {
        var maps = Compiled.Of(Clang.Compile("maps.bpf.c")).Type("LoadedMaps");
        Assert.Equal("Map`2[Key, UInt64]", Shown(maps, "ByType"));
        Assert.Equal("BpfMap", Shown(maps, "ByNumber"));
        Assert.Equal("RingBufferReader", Shown(maps, "Events"));
        Assert.Equal("Map`2[UInt32, UInt32]", Shown(maps, "One"));
        Assert.Equal("BpfMap", Shown(maps, "Outer"));
        Assert.Equal(typeof(PerfBufferReader), maps.GetMethod("OpenPerProcessor")!.ReturnType);
    }

    [Fact]
    public void Records_are_what_the_object_declares_or_the_settings_say()
    {
        var file = Clang.Compile("trace.bpf.c");
        var bindings = Compiled.Of(file);
        Assert.Equal("RingBufferReader`1[EventView]", Shown(bindings.Type("LoadedMaps"), "Events"));
        Assert.Equal("RingBufferReader`1[OddView]", Shown(bindings.Type("LoadedMaps"), "Declared"));
        bindings = Compiled.Of(file, Settings with { IsPublic = true, Events = new Dictionary<string, string> { ["events"] = "struct sample" } });
        Assert.Equal("RingBufferReader`1[SampleView]", Shown(bindings.Type("LoadedMaps"), "Events"));
    }

    [Fact]
    public void What_the_settings_name_and_the_object_lacks_is_refused()
    {
        var file = Clang.Compile("trace.bpf.c");
        Refused("records of events: the object has no structure 'struct nothing'", new Dictionary<string, string> { ["events"] = "struct nothing" });
        Refused("the object has no ring or perf buffer nothing, but events, declared, samples", new Dictionary<string, string> { ["nothing"] = "struct event" });
        Assert.Contains("is no name of a class", Assert.Throws<ArgumentException>(() => BindingWriter.Write(file, Settings with { ClassName = "class" })).Message, StringComparison.Ordinal);
        Assert.Contains("is no namespace", Assert.Throws<ArgumentException>(() => BindingWriter.Write(file, Settings with { Namespace = "a..b" })).Message, StringComparison.Ordinal);

        void Refused(string why, Dictionary<string, string> events) => Assert.Contains(
            why, Assert.Throws<BpfFormatException>(() => BindingWriter.Write(file, Settings with { Events = events })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constants_are_set_before_and_read_after()
    {
        var bindings = Compiled.Of(Clang.Compile("data.bpf.c"));
        Assert.True(bindings.Type("VariableSpecs").GetProperty("Constant")!.CanWrite);
        Assert.False(bindings.Type("LoadedVariables").GetProperty("Constant")!.CanWrite);
        Assert.True(bindings.Type("LoadedVariables").GetProperty("Counter")!.CanWrite);
        Assert.Equal("Pair", bindings.Type("LoadedVariables").GetProperty("Chosen")!.PropertyType.Name);
    }

    /// <summary>Names that are the same in C# though not in C, keywords, names of the class's own members.</summary>
    [Fact]
    public void Names_never_clash()
    {
        var bindings = Compiled.Of(Clang.Compile("names.bpf.c"));
        var fields = bindings.Type("Spec2").GetFields().Select(f => f.Name).ToList();
        Assert.Equal(["AB", "Ab2", "AB3", "Class", "_3d", "Spec", "Equals2", "ToString2"], fields);
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Bindings_of_a_damaged_object_compile_or_are_refused()
    {
        byte[][] objects = [.. Sources.Select(s => Clang.Compile(s, more: Machine))];
        var random = new Random(Soak.Seed());
        for (var i = 0; i < Soak.Runs(2_000, 200_000); i++)
        {
            var bytes = (byte[])objects[random.Next(objects.Length)].Clone();
            for (var n = random.Next(1, 8); n > 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (Written(bytes) is { } code && i % 50 == 0)
            {
                Assert.DoesNotContain(Compiled.Faults(code), d => d.Severity == DiagnosticSeverity.Error);
            }
        }
    }

    private static string? Written(byte[] bytes)
    {
        try
        {
            return BindingWriter.Write(bytes, Settings);
        }
        catch (BpfFormatException)
        {
            return null;
        }
    }

    private static string Shown(Type type, string property)
    {
        var of = type.GetProperty(property)!.PropertyType;
        return of.IsGenericType ? $"{of.Name}[{string.Join(", ", of.GenericTypeArguments.Select(a => a.Name))}]" : of.Name;
    }
}
