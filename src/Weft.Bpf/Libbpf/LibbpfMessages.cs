using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Bpf.Libbpf;

/// <summary>
/// What libbpf warns of while this thread works with it: the last few messages. libbpf has one function for all messages of a
/// process, and calls it on the thread that called it; what other threads and other users of libbpf cause goes where it went
/// before.
/// </summary>
internal sealed unsafe class LibbpfMessages : IDisposable
{
    private const int Warning = 0;
    private const int Most = 16;
    private const int MostBytes = 1024;
    private const int Shown = 3;

    // The only way from libbpf's call back to who waits for it.
    [ThreadStatic]
    private static LibbpfMessages? _current;

    private static nint _before;

    private readonly LibbpfMessages? _outer = _current;
    private readonly Queue<string> _warnings = [];

    public LibbpfMessages()
    {
        _current = this;
        var own = (nint)(delegate* unmanaged[Cdecl]<int, byte*, nint, int>)&Print;
        var before = LibbpfCalls.SetPrint(own);
        if (before != own)
        {
            Volatile.Write(ref _before, before);
        }
    }

    /// <summary>The program that the last message about one is about; null where none is.</summary>
    public string? Program => _warnings.Where(w => w.StartsWith("prog '", StringComparison.Ordinal)).Select(w => w.Split('\'')[1]).LastOrDefault();

    /// <summary>
    /// The last ones, the last first: those about the program where it is known, else all but those that only say that the
    /// whole has failed.
    /// </summary>
    public override string ToString() => string.Join(" | ", _warnings.Where(Tells).TakeLast(Shown).Reverse());

    public void Dispose() => _current = _outer;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Print(int level, byte* format, nint arguments)
    {
        if (_current is { } current)
        {
            return level == Warning ? current.Add(format, arguments) : 0;
        }

        var before = (delegate* unmanaged[Cdecl]<int, byte*, nint, int>)Volatile.Read(ref _before);
        return before == null ? 0 : before(level, format, arguments);
    }

    private bool Tells(string message) => Program is { } program
        ? message.StartsWith($"prog '{program}'", StringComparison.Ordinal)
        : !message.StartsWith("failed to load ", StringComparison.Ordinal);

    private int Add(byte* format, nint arguments)
    {
        var text = stackalloc byte[MostBytes];
        var length = Math.Min(LibbpfCalls.Format(text, MostBytes, format, arguments), MostBytes - 1);
        if (length > 0)
        {
            const string Prefix = "libbpf: ";
            var message = Encoding.UTF8.GetString(text, length).Trim();
            _warnings.Enqueue(message.StartsWith(Prefix, StringComparison.Ordinal) ? message[Prefix.Length..] : message);
        }

        if (_warnings.Count > Most)
        {
            _warnings.Dequeue();
        }

        return length;
    }
}
