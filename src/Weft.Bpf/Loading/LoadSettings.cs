using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>How an object is loaded.</summary>
public sealed record LoadSettings
{
    /// <summary>The kernel.</summary>
    public IKernel Kernel { get; init; } = LinuxKernel.Instance;

    /// <summary>What reads the object and gives it to the kernel.</summary>
    public BpfBackend Backend { get; init; }

    /// <summary>The right to load that was lent to this process, which has none of its own; null where it needs none.</summary>
    public BpfToken? Token { get; init; }

    /// <summary>The folder of a mounted bpffs where maps are pinned by their names; null to pin none.</summary>
    public string? PinFolder { get; init; } = "/sys/fs/bpf";

    /// <summary>Types to relocate by instead of the kernel's own, such as a file of BTFHub's; null for the kernel's.</summary>
    public BtfSpec? KernelTypes { get; init; }

    /// <summary>Maps that are used instead of making those of their names.</summary>
    public IReadOnlyDictionary<string, BpfMap> Maps { get; init; } = new Dictionary<string, BpfMap>();

    /// <summary>
    /// The only program that is loaded, whether it is to be or not, with only the maps that it uses; null for all that are to
    /// be.
    /// </summary>
    public ProgramSpec? Only { get; init; }

    /// <summary>
    /// Which of some programs are wanted; programs that it does not name are loaded as ever. Null for none. Maps are made only
    /// where a program uses them.
    /// </summary>
    public ProgramChoice? Choice { get; init; }

    /// <summary>
    /// Whether programs of <see cref="Choice"/> are also attached, as their sections say (<see cref="Attach.Auto"/>): some
    /// kernels load what they cannot attach. The links are <see cref="BpfObject.Links"/>.
    /// </summary>
    public bool Attaches { get; init; }

    /// <summary>
    /// Whether the refusal of one program leaves the others loaded. <see cref="BpfObject.Results"/> says what became of each.
    /// </summary>
    public bool BestEffort { get; init; }

    /// <summary>
    /// How much the verifier writes when it accepts a program: 0 nothing, 1 what it does at branches, 2 each instruction,
    /// 4 its statistics. What it refuses is always told.
    /// </summary>
    public int LogLevel { get; init; }
}

/// <summary>What became of a program.</summary>
/// <param name="Program">The program, as its object has it.</param>
/// <param name="Loaded">Whether it is in the kernel.</param>
/// <param name="Error">Why it is not; null where it is, or was not asked for.</param>
/// <param name="Instructions">How many instructions were given to the kernel; 0 where it did not come so far.</param>
public sealed record ProgramResult(ProgramSpec Program, bool Loaded, BpfException? Error, int Instructions)
{
    /// <summary>The instructions as they were given to the kernel.</summary>
    internal Assembly.Instruction[] Code { get; init; } = [];
}
