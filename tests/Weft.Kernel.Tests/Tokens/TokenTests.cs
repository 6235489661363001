using System.Diagnostics;
using System.Net.Sockets;
using Weft.Bpf;
using Weft.Bpf.Features;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Links;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Tokens;

public sealed class TokenTests
{
    private const string Socket = "WEFT_TOKEN_SOCKET";
    private const uint HasToken = 1 << 16;
    private const uint Magic = 0x600D;

    /// <summary>
    /// A process without any rights outside of its user namespace loads an object by the right that this one lends it. It runs
    /// <see cref="What_was_lent_loads_an_object"/>.
    /// </summary>
    [Fact]
    public async Task A_process_of_a_user_namespace_loads_by_what_was_lent_to_it()
    {
        Require();
        var unshare = Peers.Require("unshare");
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "socket");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var start = new ProcessStartInfo(
            unshare, ["--user", "--map-root-user", "--mount", Environment.ProcessPath!, "--filter-method", $"*{nameof(What_was_lent_loads_an_object)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Socket] = path },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var ends = process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        if (await Task.WhenAny(accepting, ends) == accepting)
        {
            using var connection = await accepting;
            var message = new byte[4];
            Assert.Equal(4, connection.Receive(message));
            Lending.Lend(process.Id, BitConverter.ToInt32(message));
            connection.Send([1]);
        }

        await ends;
        var text = await output + await errors;
        Assert.True(process.ExitCode == 0, text);
        Assert.Contains("succeeded: 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_lent_loads_an_object()
    {
        var path = Environment.GetEnvironmentVariable(Socket);
        Assert.SkipWhen(path is null, $"this is what {nameof(A_process_of_a_user_namespace_loads_by_what_was_lent_to_it)} starts");
        var system = Lending.Begin();
        using (var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            connection.Connect(new UnixDomainSocketEndPoint(path));
            connection.Send(BitConverter.GetBytes(system));
            Assert.Equal(1, connection.Receive(new byte[1]));
        }

        var folder = $"/proc/self/fd/{Lending.Mount(system)}";
        var spec = ObjectSpec.Parse(Clang.Compile("data.bpf.c"));
        foreach (var program in spec.Programs.Values)
        {
            program.Loads = program.Name is "reads" or "writes";
        }

        Assert.Equal(Errno.Permission, Assert.ThrowsAny<KernelException>(() => BpfObject.Load(spec, new() { PinFolder = null })).Errno);
        using var token = BpfToken.Create(folder);
        using var loaded = BpfObject.Load(spec, new() { PinFolder = null, Token = token });
        Assert.Equal((Magic, Magic), (Run("reads"), Run("writes")));
        Assert.IsType<FeatureAnswer.Yes>(KernelFeatures.MapType(MapType.RingBuffer, token.Kernel));
        using var map = BpfMap.Create(new() { Name = "alone", Type = MapType.Hash, KeySize = 4, ValueSize = 4, MaxEntries = 1 }, token.Kernel);

        uint Run(string program) => loaded.Programs[program].TestRun(new byte[64]).Result;
    }

    [Fact]
    public void Maps_programs_and_types_are_made_with_the_token_and_nothing_else()
    {
        var kernel = new FakeKernel { Files = path => path == "/lent" ? "" : null };
        using var token = BpfToken.Create("/lent", kernel);
        var number = token.Descriptor.Number;
        var whole = new byte[256];
        var over = token.Over(new Recorder(kernel, whole));
        Span<byte> few = [1, 0, 0, 0, 0, 0, 0, 0];
        over.Bpf(BpfCommand.MapCreate, few);
        Assert.Equal((number, HasToken), (BitConverter.ToInt32(whole, 76), BitConverter.ToUInt32(whole, 16)));
        over.Bpf(BpfCommand.ProgramLoad, few);
        Assert.Equal((number, HasToken), (BitConverter.ToInt32(whole, 144), BitConverter.ToUInt32(whole, 44)));
        over.Bpf(BpfCommand.BtfLoad, few);
        Assert.Equal((number, HasToken), (BitConverter.ToInt32(whole, 36), BitConverter.ToUInt32(whole, 32)));
        over.Bpf(BpfCommand.LinkCreate, few);
        Assert.Equal(few.ToArray(), whole[..8]);
        Assert.Equal(-1, whole.AsSpan(8).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void A_kernel_with_a_token_passes_on_all_that_there_is()
    {
        var map = typeof(TokenKernel).GetInterfaceMap(typeof(IKernel));
        Assert.All(map.TargetMethods, method => Assert.Equal(
            method.Name == nameof(IKernel.Bpf) ? typeof(TokenKernel) : typeof(PassingKernel), method.DeclaringType));
    }

    [Fact]
    public void A_refused_token_tells_what_helps()
    {
        Require();
        Apart.Run(() =>
        {
            var error = Assert.Throws<KernelException>(() => BpfToken.Create(Apart.BpfFolder));
            Assert.Equal(Errno.NotSupported, error.Errno);
            Assert.Contains("without a token", error.Message, StringComparison.Ordinal);
        });
        Assert.Contains("no tokens (Linux 6.9)", Assert.Throws<KernelException>(() => BpfToken.Create("/")).Message, StringComparison.Ordinal);
        Assert.Contains("open /nowhere", Assert.Throws<KernelException>(() => BpfToken.Create("/nowhere")).Message, StringComparison.Ordinal);
    }

    private static void Require()
    {
        Privileged.Require();
        var answer = KernelFeatures.Of(KernelFeature.Tokens);
        Assert.SkipUnless(answer.IsYes, $"this kernel has no tokens: {answer}");
    }
}
