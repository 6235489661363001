using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Libbpf;

/// <summary>What libbpf says of an error.</summary>
internal static unsafe class LibbpfErrors
{
    // From here on they are libbpf's own, of which it alone has texts.
    private const int FirstOwn = 4000;
    private const int TextBytes = 256;

    /// <summary>An error's name, and what libbpf has warned of.</summary>
    public static string Text(int error, LibbpfMessages messages)
    {
        var name = error < FirstOwn ? Errno.Name(error) : OwnText(error);
        return messages.ToString() is { Length: > 0 } told ? $"{name}: {told}" : name;
    }

    /// <summary>What is known beside the kernel's error; null where nothing is.</summary>
    public static string? Hint(int error, LibbpfMessages messages)
    {
        string?[] parts = [error < FirstOwn ? null : OwnText(error), messages.ToString() is { Length: > 0 } told ? $"libbpf: {told}" : null];
        return parts.OfType<string>().ToList() is { Count: > 0 } known ? string.Join(": ", known) : null;
    }

    private static string OwnText(int error)
    {
        var text = stackalloc byte[TextBytes];
        return LibbpfCalls.ErrorText(error, text, TextBytes) < 0 ? Errno.Name(error) : Marshal.PtrToStringUTF8((nint)text)!;
    }
}
