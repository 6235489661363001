using System.Diagnostics;
using System.Runtime.InteropServices;
using Weft.Testing;

namespace Weft.Kernel.Tests.Guests;

/// <summary>
/// The library on kernels other than the one below: each is booted under QEMU, with <c>tests/Weft.Kernel.Guest</c> as its
/// only process. <c>make test-kernels</c> makes what is needed.
/// </summary>
public sealed class GuestKernelTests(ITestOutputHelper output)
{
    private const string Emulator = "qemu-system-x86_64";

    // Not KVM, even where it is there: within a virtual machine it may be there and not work, and this takes seconds, too.
    private const string Accelerator = "tcg,thread=multi";

    // The ordinary run boots this one alone.
    private const string Usual = "6.1";

    // Nobody waits so long: a machine that hangs must not hang the tests.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    /// <summary>One of them, or all where <c>WEFT_ALL_KERNELS</c> is 1 (<c>make test-kernels</c>).</summary>
    public static TheoryData<string> Kernels =>
        Environment.GetEnvironmentVariable("WEFT_ALL_KERNELS") == "1" ? ["5.10", Usual, "6.12"] : [Usual];

    [Theory, MemberData(nameof(Kernels))]
    public async Task The_library_does_on_another_kernel_what_it_promises(string version)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the kernels are for x86-64");
        var emulator = Peers.Require(Emulator);
        var kernel = Required($"artifacts/kernels/{version}", $"eng/kernels {version}");
        var guest = Required("artifacts/guest/guest", "make guest");

        using var folder = new TempFolder();
        var files = Path.Combine(folder.Path, "files.cpio");
        GuestImage.Write(files, guest, kernel);
        var started = Stopwatch.GetTimestamp();
        var console = GuestConsole.Parse(await BootAsync(emulator, Path.Combine(kernel, "vmlinuz"), files));

        output.WriteLine($"{version}: {console.Passed} passed, {Stopwatch.GetElapsedTime(started).TotalSeconds:f0} s");
        output.WriteLine(string.Join('\n', console.Lines.Where(line => line.StartsWith("# ", StringComparison.Ordinal)).Concat(console.Skipped)));
        Assert.True(console.IsWhole && console.Failed.Count == 0, $"kernel {version}:\n{console.Why}");
        Assert.True(console.Passed > 0);
    }

    private static string Required(string path, string command)
    {
        var whole = Path.Combine(RepositoryRoot.Path, path);
        Assert.SkipUnless(Path.Exists(whole), $"needs {path}: {command}");
        return whole;
    }

    private static async Task<string> BootAsync(string emulator, string kernel, string files)
    {
        string[] arguments =
        [
            "-nodefaults", "-no-user-config", "-display", "none", "-serial", "stdio", "-no-reboot", "-m", "512", "-smp", "2",
            "-cpu", "max", "-accel", Accelerator, "-kernel", kernel, "-initrd", files,
            "-append", "console=ttyS0 quiet loglevel=4 panic=-1 reboot=t random.trust_cpu=on lsm=lockdown,capability,bpf",
        ];
        var start = new ProcessStartInfo(emulator, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Bound);
        await using var kill = bound.Token.Register(() => process.Kill());
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var text = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return text + await errors;
    }
}
