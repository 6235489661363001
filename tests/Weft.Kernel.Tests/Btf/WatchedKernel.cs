using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Btf;

/// <summary>The kernel below, which counts what is open and mapped, and refuses what a test wants refused.</summary>
internal sealed class WatchedKernel : PassingKernel
{
    public HashSet<long> Opened { get; } = [];

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

    public override long Bpf(BpfCommand command, Span<byte> attributes)
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

    public override nint Map(nint length, int protection, int flags, int descriptor, long offset)
    {
        if (MapRefusal != 0)
        {
            return MapRefusal;
        }

        var address = Below.Map(length, protection, flags, descriptor, offset);
        Mapped += address is < 0 and >= -4095 ? 0 : 1;
        return address;
    }

    public override long Unmap(nint address, nint length)
    {
        Mapped--;
        return Below.Unmap(address, length);
    }

    public override long Open(string path, int flags)
    {
        var result = Below.Open(path == Redirected.From ? Redirected.To : path, flags);
        Opened.Add(result);
        return result;
    }

    public override long Close(int descriptor)
    {
        Opened.Remove(descriptor);
        return Below.Close(descriptor);
    }
}
