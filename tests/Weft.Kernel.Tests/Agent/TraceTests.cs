using System.Diagnostics;
using Weft.Agent.Commands;
using Weft.Bpf;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Agent;

public sealed class TraceTests
{
    [Theory]
    [InlineData("managed", "raw tracepoint sched_process_exec")]
    [InlineData("libbpf", "raw_tp/sched_process_exec")]
    public async Task Records_are_lines_of_JSON_by_their_types(string backend, string hook)
    {
        Privileged.Require();
        Assert.SkipWhen(backend == "libbpf" && !LibbpfLibrary.IsAvailable, "libbpf is not installed");
        using var file = new ObjectOnDisk(Clang.Compile("trace.bpf.c"), "trace");
        using var wanted = new WantedProgram();
        using var output = new StringWriter();
        var error = new AwaitedWriter("tracing ");
        var run = AgentCommand.RunAsync(
            ["bpf", "trace", file.Path, "--count", "4", "--set", $"wanted={wanted.Name}", "--set", "number=0x2a", "--backend", backend],
            output, error, TestContext.Current.CancellationToken);
        await Task.WhenAny(error.Seen, run);
        await wanted.RunAsync();
        Assert.True(await run == 0, error.ToString());
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Contains(
            $$$"""{"map":"events","type":"struct event","data":{"pid":4711,"kind":"KIND_EXEC","comm":"{{{wanted.Name}}}","numbers":[42,9223372036854775808]}}""",
            lines);
        Assert.Contains("""{"map":"events","type":null,"data":"0807060504030201"}""", lines);
        Assert.Contains("""{"map":"declared","type":"struct odd","data":{"bytes":[1,2,3]}}""", lines);
        Assert.Contains(lines, l => l.EndsWith($$$""","type":"struct sample","data":{"value":42,"comm":"{{{wanted.Name}}}"}}""", StringComparison.Ordinal));
        Assert.Contains($"executed  attached      {hook}\n", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("nowhere   not attached  ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("refused   refused       prog_load refused: EACCES", error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("4 records, 0 lost of samples, lost: 0\n", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_when_it_is_cancelled_and_leaves_nothing_behind()
    {
        Privileged.Require();
        using var file = new ObjectOnDisk(Clang.Compile("trace.bpf.c"), "trace");
        using var end = new CancellationTokenSource();
        using var output = new StringWriter();
        var error = new AwaitedWriter("tracing ");
        var run = AgentCommand.RunAsync(["bpf", "trace", file.Path, "--set", "wanted=nobody"], output, error, end.Token);
        await Task.WhenAny(error.Seen, run);
        await end.CancelAsync();
        Assert.Equal((0, ""), (await run, output.ToString()));
        Assert.EndsWith("0 records, 0 lost of samples, lost: 0\n", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_after_its_time()
    {
        Privileged.Require();
        var run = await AgentRun.With("trace.bpf.c", false, "bpf", "trace", "{file}", "--duration", "0.01", "--set", "wanted=nobody");
        Assert.Equal((0, ""), (run.Code, run.Output));
    }

    [Theory]
    [InlineData("maps.bpf.c", 1, "none of its 3 programs is attached")]
    [InlineData("data.bpf.c", 1, "it has neither a ring buffer nor a perf buffer")]
    [InlineData("trace.bpf.c", 2, "the object has no variable absent; it has wanted, number, lost, unused", "--set", "absent=1")]
    [InlineData("trace.bpf.c", 2, "does not fit into the 4 bytes of number", "--set", "number=0x100000000")]
    [InlineData("trace.bpf.c", 2, "does not fit into the 16 bytes of wanted", "--set", "wanted=0123456789abcdef")]
    [InlineData("trace.bpf.c", 1, "--type absent: the object has no such structure", "--type", "absent")]
    public async Task What_cannot_be_traced_is_told(string source, int code, string told, params string[] more)
    {
        Privileged.Require();
        var run = await AgentRun.With(source, false, ["bpf", "trace", "{file}", .. more]);
        Assert.Equal((code, ""), (run.Code, run.Output));
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    /// <summary>A program whose name is its own.</summary>
    private sealed class WantedProgram : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-trace-");

        public WantedProgram() => File.Copy("/bin/true", Path.Combine(_folder.FullName, Name));

        public string Name { get; } = $"weft{Guid.NewGuid():N}"[..15];

        public async Task RunAsync()
        {
            using var process = Process.Start(Path.Combine(_folder.FullName, Name));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }

    /// <summary>Tells when a text was written.</summary>
    private sealed class AwaitedWriter(string text) : StringWriter
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public override Task WriteLineAsync(string? value)
        {
            WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
            {
                _seen.TrySetResult();
            }

            return Task.CompletedTask;
        }
    }
}
