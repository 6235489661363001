using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Btf;

/// <summary>The kernel below, which counts what is open and mapped, and refuses what a test wants refused.</summary>
internal sealed class WatchedKernel : IKernel
{
    private static readonly LinuxKernel Below = LinuxKernel.Instance;

    public HashSet<long> Open { get; } = [];

    public int Mapped { get; private set; }

    public int MapRefusal { get; init; }

    public (string From, string To) Redirected { get; init; } = ("", "");

    /// <summary>What <c>BPF_BTF_LOAD</c> answers, one after another; the kernel below answers where there is none.</summary>
    public Queue<long> LoadAnswers { get; } = [];

    /// <summary>What it writes to a log when it refuses.</summary>
    public string Log { get; init; } = "";

    /// <summary>The sizes of the logs that were given.</summary>
    public List<uint> LogSizes { get; } = [];

    /// <summary>The attributes of each <c>BPF_BTF_LOAD</c>.</summary>
    public List<byte[]> Loads { get; } = [];

    public long Bpf(BpfCommand command, Span<byte> attributes)
    {
        if (command != BpfCommand.BtfLoad || !LoadAnswers.TryDequeue(out var answer))
        {
            return Below.Bpf(command, attributes);
        }

        Loads.Add(attributes.ToArray());
        var whole = new byte[40];
        attributes.CopyTo(whole);
        var (log, size) = (BitConverter.ToInt64(whole, 8), BitConverter.ToUInt32(whole, 20));
        LogSizes.Add(size);
        if (log != 0)
        {
            var text = Encoding.UTF8.GetBytes(Log + "\0");
            System.Runtime.InteropServices.Marshal.Copy(text, 0, (nint)log, Math.Min(text.Length, (int)size));
        }

        return answer;
    }

    public nint Map(nint length, int protection, int flags, int descriptor, long offset)
    {
        if (MapRefusal != 0)
        {
            return MapRefusal;
        }

        var address = Below.Map(length, protection, flags, descriptor, offset);
        Mapped += address is < 0 and >= -4095 ? 0 : 1;
        return address;
    }

    public long Unmap(nint address, nint length)
    {
        Mapped--;
        return Below.Unmap(address, length);
    }

    long IKernel.Open(string path, int flags)
    {
        var result = Below.Open(path == Redirected.From ? Redirected.To : path, flags);
        Open.Add(result);
        return result;
    }

    public long Close(int descriptor)
    {
        Open.Remove(descriptor);
        return Below.Close(descriptor);
    }

    public long Read(int descriptor, Span<byte> buffer) => Below.Read(descriptor, buffer);

    public long ReadAt(int descriptor, Span<byte> buffer, long offset) => Below.ReadAt(descriptor, buffer, offset);

    public long Write(int descriptor, ReadOnlySpan<byte> bytes) => Below.Write(descriptor, bytes);

    public long Duplicate(int descriptor, int least) => Below.Duplicate(descriptor, least);

    public byte[]? ReadFile(string path) => Below.ReadFile(path);

    public long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags) => throw new NotSupportedException();

    public long IoControl(int descriptor, ulong request, long argument) => throw new NotSupportedException();

    public long EventDescriptor() => throw new NotSupportedException();

    public long EpollCreate() => throw new NotSupportedException();

    public long EpollAdd(int epoll, int descriptor, ulong tag) => throw new NotSupportedException();

    public long EpollWait(int epoll, Span<ulong> tags, int milliseconds) => throw new NotSupportedException();
}
