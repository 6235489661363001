using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Weft.Bpf.Libbpf;

/// <summary>
/// Memory for what the verifier writes of each program, which libbpf does not make larger by itself. Pages of it are taken when
/// they are written to.
/// </summary>
internal sealed unsafe class LibbpfLogs(int size) : IDisposable
{
    private readonly Dictionary<string, nint> _logs = [];

    /// <summary>Bytes of each.</summary>
    public int Size { get; } = size;

    public byte* Add(string program)
    {
        var log = (byte*)NativeMemory.Alloc((nuint)Size);
        log[0] = 0;
        _logs.Add(program, (nint)log);
        return log;
    }

    /// <summary>The lines of a program's; none where the verifier wrote nothing.</summary>
    public ImmutableArray<string> Lines(string program)
    {
        if (!_logs.TryGetValue(program, out var log))
        {
            return [];
        }

        var bytes = new ReadOnlySpan<byte>((void*)log, Size);
        var end = bytes.IndexOf((byte)0);
        var text = System.Text.Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]).TrimEnd('\n');
        return text.Length == 0 ? [] : [.. text.Split('\n')];
    }

    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            NativeMemory.Free((void*)log);
        }
    }
}
