using System.Diagnostics;
using Weft.Bpf.Build;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Bindings;

/// <summary>Bindings at work: what is compiled with them runs against the kernel.</summary>
public sealed class LoadedTests
{
    [Fact]
    public void Variables_records_and_links_work_by_their_names()
    {
        Privileged.Require();
        var told = Run("trace.bpf.c", """
            internal static class Use
            {
                public static string Run(System.Action execute)
                {
                    var spec = Probe.Spec();
                    spec.Variables.Wanted = "true";
                    spec.Variables.Number = 11;
                    spec.Programs.Refused.Loads = false;
                    spec.Programs.Nowhere.Loads = false;
                    using var probe = spec.Load();
                    var links = probe.Attach();
                    execute();
                    var told = $"{string.Join(",", links.Keys)} {probe.Variables.Number} {probe.Variables.Wanted} {probe.Variables.Lost}";
                    probe.Maps.Declared.Consume(odd => told += $" odd {odd.Bytes.Length} {odd.Value.Bytes[2]}");
                    try
                    {
                        probe.Maps.Events.Consume(e => told += $" {e.Pid} {e.Kind} {e.Comm} {e.Numbers[0]} {e.Value.Numbers[1]}");
                    }
                    catch (Weft.Bpf.BpfFormatException error)
                    {
                        told += " " + error.Message;
                    }

                    probe.Variables.Lost = 5;
                    return $"{told} {probe.Variables.Lost} {probe.Attach().Count}";
                }
            }
            """);
        Assert.Equal(
            $"executed 11 true 0 odd 3 3 4711 Exec true 11 {1UL << 63} a record of 8 bytes is too short for struct event, which has 40 5 1",
            told);
    }

    [Fact]
    public void What_is_not_loaded_is_told_by_name()
    {
        Privileged.Require();
        var told = Run("data.bpf.c", """
            internal static class Use
            {
                public static string Run(System.Action execute)
                {
                    using var probe = Probe.Load();
                    var told = $"{probe.Variables.Constant} {probe.Variables.Chosen.Second} {probe.Variables.Hidden} {probe.Variables.Apart} {probe.Attach().Count}";
                    try
                    {
                        _ = probe.Programs.Optional;
                    }
                    catch (System.InvalidOperationException error)
                    {
                        told += " " + error.Message;
                    }

                    return told;
                }
            }
            """);
        Assert.StartsWith("17 2 7 99 0 program optional is not loaded: it was not asked for", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_and_values_are_structures_of_the_object()
    {
        Privileged.Require();
        Assert.Equal("80 1 42", Run("maps.bpf.c", """
            internal static class Use
            {
                public static string Run(System.Action execute)
                {
                    using var probe = Probe.Load();
                    probe.Maps.ByType[new Probe.Key { Id = 7, Port = 80, Family = 2 }] = 42;
                    var told = "";
                    foreach (var element in probe.Maps.ByType)
                    {
                        told += $"{element.Key.Port} ";
                    }

                    return $"{told}{probe.Maps.One.Untyped.Spec.MaxEntries} {probe.Maps.ByType[new() { Id = 7, Port = 80, Family = 2 }]}";
                }
            }
            """));
    }

    private static string Run(string source, string use)
    {
        var settings = new BindingSettings { ClassName = Compiled.Class, ObjectName = "probe" };
        var run = Compiled.Of(Clang.Compile(source), settings, use).Assembly.GetType("Use")!.GetMethod("Run")!;
        return (string)run.Invoke(null, [(Action)Execute])!;
    }

    private static void Execute()
    {
        using var process = Process.Start("/usr/bin/true");
        process.WaitForExit();
    }
}
