using System.Text;

namespace Weft.Bpf;

/// <summary>The sections and segments of an ELF file of 64 bits that may be large, and hostile.</summary>
internal sealed partial class ElfView
{
    private const int HeaderSize = 64;
    private const int SectionSize = 64;
    private const int SegmentSize = 56;
    private const uint Loaded = 1;
    private const uint Executable = 1;
    private const ulong MaxNames = 1 << 20;

    private readonly FileBytes _file;
    private readonly Lazy<byte[]> _names;

    private ElfView(FileBytes file)
    {
        _file = file;
        var header = Bytes(0, HeaderSize);
        if (!header.AsSpan(0, 4).SequenceEqual("\u007FELF"u8) || header[4] != 2)
        {
            throw new BpfFormatException($"{file.Name}: is no ELF file of 64 bits");
        }

        IsBigEndian = header[5] == 2;
        var reader = Reader(header);
        if (reader.UInt16(54) != SegmentSize || reader.UInt16(58) != SectionSize)
        {
            throw new BpfFormatException($"{file.Name}: its headers have sizes that are not known");
        }

        (Type, Machine) = (reader.UInt16(16), reader.UInt16(18));
        Segments = ReadSegments(reader.UInt64(32), reader.UInt16(56));
        Sections = ReadSections(reader.UInt64(40), reader.UInt16(60));
        var names = reader.UInt16(62);
        _names = new(() => names < Sections.Count ? Content(Sections[names], MaxNames) : []);
    }

    /// <summary>2 for an executable at fixed addresses, 3 for one, or a library, that may lie anywhere.</summary>
    public ushort Type { get; }

    public ushort Machine { get; }

    public bool IsBigEndian { get; }

    public IReadOnlyList<FileSection> Sections { get; }

    public IReadOnlyList<FileSegment> Segments { get; }

    public static ElfView Open(FileBytes file) => new(file);

    /// <summary>The first section of a name; null where there is none.</summary>
    public FileSection? Section(string name)
    {
        var wanted = Encoding.UTF8.GetBytes(name + '\0');
        foreach (var section in Sections)
        {
            if (section.Name < (uint)_names.Value.Length && _names.Value.AsSpan((int)section.Name).StartsWith(wanted))
            {
                return section;
            }
        }

        return null;
    }

    /// <summary>All bytes of a section.</summary>
    /// <param name="most">How many it may have.</param>
    public byte[] Content(FileSection section, ulong most) => section.Size <= most
        ? Bytes(section.Offset, (int)section.Size)
        : throw new BpfFormatException($"{_file.Name}: a section has {section.Size} bytes, more than {most}");

    /// <summary>The segment that is loaded with an address in it; null where there is none.</summary>
    public FileSegment? Segment(ulong address)
    {
        foreach (var segment in Segments)
        {
            if (address >= segment.Address && address - segment.Address < segment.Size)
            {
                return segment;
            }
        }

        return null;
    }

    public BoundedReader Reader(ReadOnlySpan<byte> bytes) => new(bytes, IsBigEndian, _file.Name);

    private List<FileSegment> ReadSegments(ulong at, int count)
    {
        var reader = Reader(Bytes(at, count * SegmentSize));
        var segments = new List<FileSegment>();
        for (var i = 0; i < count * SegmentSize; i += SegmentSize)
        {
            if (reader.UInt32(i) == Loaded)
            {
                segments.Add(new(
                    reader.UInt64(i + 16), reader.UInt64(i + 8), reader.UInt64(i + 40), (reader.UInt32(i + 4) & Executable) != 0));
            }
        }

        return segments;
    }

    private List<FileSection> ReadSections(ulong at, int count)
    {
        var reader = Reader(Bytes(at, count * SectionSize));
        var sections = new List<FileSection>();
        for (var i = 0; i < count * SectionSize; i += SectionSize)
        {
            sections.Add(new(
                reader.UInt32(i), reader.UInt32(i + 4), reader.UInt64(i + 16), reader.UInt64(i + 24), reader.UInt64(i + 32),
                reader.UInt32(i + 40)));
        }

        return sections;
    }

    private byte[] Bytes(ulong at, int size)
    {
        var bytes = new byte[size];
        _file.Read(bytes, at);
        return bytes;
    }
}

/// <summary>A section of an ELF file.</summary>
/// <param name="Name">Where its name lies among names.</param>
internal readonly record struct FileSection(uint Name, uint Type, ulong Address, ulong Offset, ulong Size, uint Link);

/// <summary>A segment of an ELF file that is loaded.</summary>
internal readonly record struct FileSegment(ulong Address, ulong Offset, ulong Size, bool IsExecutable)
{
    /// <summary>Where an address of it lies in the file.</summary>
    public ulong OffsetOf(ulong address) => address - Address + Offset;
}
