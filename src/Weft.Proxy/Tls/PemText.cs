using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Weft.Proxy.Tls;

/// <summary>A text that stands in a message or in a file.</summary>
/// <param name="Path">Null where it stands in a message.</param>
/// <param name="Inline">What stands in the message.</param>
internal sealed record PemText(string? Path, string Inline)
{
    private const int LargestFile = 1024 * 1024;

    /// <summary>Reads the file anew, if it is one.</summary>
    public bool TryRead(out string text, [NotNullWhen(false)] out string? error)
    {
        text = Inline;
        error = null;
        if (Path is null)
        {
            return true;
        }

        try
        {
            using var file = File.OpenRead(Path);
            var bytes = new byte[LargestFile];
            var length = file.ReadAtLeast(bytes, LargestFile, throwOnEndOfStream: false);
            if (length < LargestFile)
            {
                text = Encoding.UTF8.GetString(bytes, 0, length);
                return true;
            }

            error = $"{Path} is larger than {LargestFile} bytes";
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = $"{Path} cannot be read: {e.Message}";
        }

        return false;
    }

    /// <summary>It may be a key.</summary>
    public override string ToString() => Path ?? "inline";
}
