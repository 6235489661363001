using System.Text;
using Weft.Bpf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Loading;

/// <summary>Before Linux 5.11 maps and programs count as locked memory.</summary>
public sealed class LockedMemoryTests
{
    private static readonly MapSpec Any = new() { Name = "any", Type = MapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1 };

    [Fact]
    public void The_limit_is_lifted_once_it_may_be_what_was_refused()
    {
        var kernel = new LimitedKernel("5.10.0-32-amd64") { MayRaise = true };
        using var map = BpfMap.Create(Any, kernel);
        Assert.Equal(1, kernel.Raised);
    }

    [Fact]
    public void A_limit_that_may_not_be_lifted_is_named()
    {
        var error = Assert.Throws<KernelException>(() => BpfMap.Create(Any, new LimitedKernel("5.10.0-32-amd64")));
        Assert.Equal(Errno.Permission, error.Errno);
        Assert.Contains("RLIMIT_MEMLOCK", error.Message);
    }

    [Fact]
    public void Later_kernels_do_not_count_and_the_limit_stays()
    {
        var kernel = new LimitedKernel("5.11.0") { MayRaise = true };
        Assert.Throws<KernelException>(() => BpfMap.Create(Any, kernel));
        Assert.Equal(0, kernel.Raised);
    }

    /// <summary>A kernel that makes nothing before the limit is lifted.</summary>
    private sealed class LimitedKernel(string release) : IKernel
    {
        private readonly BlindKernel _blind = new();

        public bool MayRaise { get; init; }

        public int Raised { get; private set; }

        public long Bpf(BpfCommand command, Span<byte> attributes) => Raised == 0 ? -Errno.Permission : _blind.Bpf(command, attributes);

        public long RaiseLockedMemory() => MayRaise ? ++Raised : -Errno.Permission;

        public byte[]? ReadFile(string path) => path == "/proc/sys/kernel/osrelease" ? Encoding.ASCII.GetBytes(release) : null;

        public long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags) => -Errno.NoEntry;

        public long IoControl(int descriptor, ulong request, long argument) => -Errno.NoEntry;

        public long Open(string path, int flags) => -Errno.NoEntry;

        public long Read(int descriptor, Span<byte> buffer) => -Errno.NoEntry;

        public long ReadAt(int descriptor, Span<byte> buffer, long offset) => -Errno.NoEntry;

        public long Write(int descriptor, ReadOnlySpan<byte> bytes) => -Errno.NoEntry;

        public long Close(int descriptor) => _blind.Close(descriptor);

        public long Duplicate(int descriptor, int least) => _blind.Duplicate(descriptor, least);

        public nint Map(nint length, int protection, int flags, int descriptor, long offset) => -Errno.NoEntry;

        public long Unmap(nint address, nint length) => 0;

        public long EventDescriptor() => -Errno.NoEntry;

        public long EpollCreate() => -Errno.NoEntry;

        public long EpollAdd(int epoll, int descriptor, ulong tag) => -Errno.NoEntry;

        public long EpollWait(int epoll, Span<ulong> tags, int milliseconds) => -Errno.NoEntry;
    }
}
