using Weft.Bpf.Btf;
using Weft.Bpf.Linking;
using Weft.Bpf.Specs.Reading;

namespace Weft.Bpf;

/// <summary>
/// An object as a compiler wrote it: programs, maps, variables and their types. Reading one needs no kernel. It may be changed
/// (sizes of maps, variables, which programs are loaded), and loaded as often as one likes.
/// </summary>
public sealed partial class ObjectSpec
{
    /// <summary>The most bytes that an object may have.</summary>
    public const long MaxSize = 256 << 20;

    /// <summary>An object without anything in it, for programs that are assembled.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="license">The licence of its programs; some helpers want <c>GPL</c>.</param>
    public ObjectSpec(string name, string license)
        : this(name, !BitConverter.IsLittleEndian) => License = license;

    internal ObjectSpec(string name, bool isBigEndian) => (Name, IsBigEndian) = (name, isBigEndian);

    /// <summary>Adds a map.</summary>
    /// <exception cref="ArgumentException">There is one with this name.</exception>
    public ObjectSpec Add(MapSpec map)
    {
        Maps.Add(map.Name, map);
        return this;
    }

    /// <summary>Adds a program.</summary>
    /// <exception cref="ArgumentException">There is one with this name.</exception>
    public ObjectSpec Add(ProgramSpec program)
    {
        Programs.Add(program.Name, program);
        return this;
    }

    /// <summary>Its name, which maps of data are named after.</summary>
    public string Name { get; }

    /// <summary>Whether it is for a machine with the most significant byte first.</summary>
    public bool IsBigEndian { get; }

    /// <summary>The licence of its programs; empty where it names none. Some helpers want <c>GPL</c>.</summary>
    public string License { get; internal set; } = "";

    /// <summary>The kernel's version that it says it was made for; 0 where it says none.</summary>
    public uint KernelVersion { get; internal set; }

    /// <summary>Its types; null where it has none.</summary>
    public BtfSpec? Types { get; internal set; }

    /// <summary>Its maps by their names; sections of data by the sections' names.</summary>
    public OrderedDictionary<string, MapSpec> Maps { get; } = [];

    /// <summary>Its programs by the names of their functions.</summary>
    public OrderedDictionary<string, ProgramSpec> Programs { get; } = [];

    /// <summary>Its variables by their names.</summary>
    public OrderedDictionary<string, VariableSpec> Variables { get; } = [];

    // What it was read from, for the back-end that reads it once more; null for what was put together here.
    internal ReadOnlyMemory<byte>? File { get; init; }

    internal Dictionary<(int Section, int Start), CodeFunction> Functions { get; } = [];

    internal Dictionary<string, Extern> Externs { get; } = [];

    // Where global variables stand, which the types do not know: by section and name.
    internal Dictionary<(string Section, string Name), uint> Places { get; } = [];

    internal Dictionary<string, uint> SectionSizes { get; } = [];

    // Functions and variables that may not be seen outside of their object.
    internal HashSet<string> Hidden { get; } = [];

    /// <summary>Reads an object.</summary>
    /// <param name="file">The bytes of an ELF file, which must not change while the result is used.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="BpfFormatException">It is no object of eBPF, or damaged.</exception>
    public static ObjectSpec Parse(ReadOnlyMemory<byte> file, string name = "object") => ObjectReader.Read(file, name);

    /// <summary>Reads an object's file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BpfFormatException">It is no object of eBPF, or damaged, or too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ObjectSpec Open(string path)
    {
        var size = new FileInfo(path).Length;
        return size <= MaxSize
            ? Parse(System.IO.File.ReadAllBytes(path), Path.GetFileNameWithoutExtension(path))
            : throw new BpfFormatException($"{path} has {size} bytes; an object has at most {MaxSize}");
    }
}
