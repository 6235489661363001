using System.Globalization;
using System.Text;

namespace Weft.Kernel.Tests.Guests;

/// <summary>
/// Writes an archive that the kernel unpacks as its first file system: cpio of the kind "newc", see
/// <c>Documentation/driver-api/early-userspace/buffer-format.rst</c>.
/// </summary>
internal sealed class CpioArchive(Stream target)
{
    private const int FolderMode = 0x41ED;
    private const int FileMode = 0x81ED;
    private const int DeviceMode = 0x2180;

    private readonly HashSet<string> _folders = [""];
    private int _number;

    /// <summary>Adds a file, and the folders above it.</summary>
    /// <param name="path">Its path, without the first slash.</param>
    public void File(string path, ReadOnlySpan<byte> content)
    {
        Folder(Path.GetDirectoryName(path)!);
        Entry(path, FileMode, content);
    }

    /// <summary>Adds a character device.</summary>
    public void Device(string path, int major, int minor)
    {
        Folder(Path.GetDirectoryName(path)!);
        Entry(path, DeviceMode, default, major, minor);
    }

    public void Folder(string path)
    {
        if (_folders.Add(path))
        {
            Folder(Path.GetDirectoryName(path)!);
            Entry(path, FolderMode, default);
        }
    }

    /// <summary>Writes what ends an archive.</summary>
    public void End() => Entry("TRAILER!!!", 0, default);

    private void Entry(string path, int mode, ReadOnlySpan<byte> content, int major = 0, int minor = 0)
    {
        // Inode, mode, user, group, links, time, size, device of the file, device that it is, length of the name, checksum.
        int[] fields = [++_number, mode, 0, 0, 1, 0, content.Length, 0, 0, major, minor, Encoding.UTF8.GetByteCount(path) + 1, 0];
        var head = "070701" + string.Concat(fields.Select(field => field.ToString("x8", CultureInfo.InvariantCulture)));
        Padded(Encoding.UTF8.GetBytes(head + path + '\0'));
        Padded(content);
    }

    private void Padded(ReadOnlySpan<byte> bytes)
    {
        target.Write(bytes);
        target.Write(stackalloc byte[-bytes.Length & 3]);
    }
}
