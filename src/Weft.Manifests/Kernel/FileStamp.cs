using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Weft.Manifests.Folders;

/// <summary>
/// What tells a file's versions apart without opening it, links followed. The inode changes when another file is
/// renamed over it, the time of change (ctime) with every write, and nobody can set it back.
/// </summary>
/// <param name="IsRegular">Whether it is a plain file; to open a pipe would wait for a writer.</param>
internal readonly partial record struct FileStamp(
    bool IsRegular, long Size, DateTime Written, ulong Inode, long ChangedSeconds, uint ChangedNanoseconds)
{
    // struct statx of <linux/stat.h>, the same on every architecture.
    private const int StatxSize = 256;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int ChangedOffset = 96;

    private const int CurrentFolder = -100;
    private const uint BasicStats = 0x7FF;
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;

    /// <summary>The stamp of a file, null where there is none, or where its link leads nowhere.</summary>
    public static FileStamp? Of(FileInfo file)
    {
        var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        if (!target.Exists)
        {
            return null;
        }

        var stamp = new FileStamp(
            true, target.Length, target.LastWriteTimeUtc, 0, target.CreationTimeUtc.Ticks / TimeSpan.TicksPerSecond, 0);
        if (!OperatingSystem.IsLinux())
        {
            return stamp;
        }

        Span<byte> stat = stackalloc byte[StatxSize];
        return Statx(CurrentFolder, file.FullName, 0, BasicStats, ref MemoryMarshal.GetReference(stat)) != 0
            ? stamp
            : stamp with
            {
                IsRegular = (BinaryPrimitives.ReadUInt16LittleEndian(stat[ModeOffset..]) & TypeMask) == RegularType,
                Inode = BinaryPrimitives.ReadUInt64LittleEndian(stat[InodeOffset..]),
                ChangedSeconds = BinaryPrimitives.ReadInt64LittleEndian(stat[ChangedOffset..]),
                ChangedNanoseconds = BinaryPrimitives.ReadUInt32LittleEndian(stat[(ChangedOffset + sizeof(long))..]),
            };
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte stat);
}
