using Weft.Bpf.Linking;

namespace Weft.Bpf;

/// <summary>A program of an object. What it is may be changed before it is loaded.</summary>
public sealed class ProgramSpec
{
    internal ProgramSpec(CodeFunction entry, SectionName? section, bool loads)
    {
        Entry = entry;
        Type = section?.Type ?? ProgramType.Unspecified;
        AttachType = section?.AttachType ?? 0;
        Target = section?.Target;
        Traits = section?.Traits ?? 0;
        Loads = loads;
    }

    /// <summary>The name of its function.</summary>
    public string Name => Entry.Name;

    /// <summary>The section that it stands in, as the object has it.</summary>
    public string Section => Entry.SectionName;

    /// <summary>What it is; <see cref="ProgramType.Unspecified"/> where its section's name does not say.</summary>
    public ProgramType Type { get; set; }

    /// <summary>Where it expects to be attached.</summary>
    public AttachType AttachType { get; set; }

    /// <summary>What it is attached to, as its section says, such as <c>syscalls/sys_enter_openat</c>; null for nothing.</summary>
    public string? Target { get; set; }

    /// <summary>The program that it replaces a function of, or traces; null for the kernel.</summary>
    public BpfProgram? TargetProgram { get; set; }

    /// <summary>Whether it is loaded with its object; false for sections whose name begins with <c>?</c>.</summary>
    public bool Loads { get; set; }

    /// <summary>Flags of <c>BPF_PROG_LOAD</c> beside those that its section asks for.</summary>
    public uint Flags { get; set; }

    /// <summary>How many instructions its own function has.</summary>
    public int Length => Entry.Code.Length;

    internal CodeFunction Entry { get; }

    internal SectionTraits Traits { get; }
}
