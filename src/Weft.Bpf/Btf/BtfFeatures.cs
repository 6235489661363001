namespace Weft.Bpf.Btf;

/// <summary>What a kernel takes in BTF. What it does not is replaced by something of the same layout.</summary>
[Flags]
public enum BtfFeatures
{
    /// <summary>Only what Linux 4.18 took.</summary>
    None = 0,

    /// <summary>Functions with prototypes (Linux 5.0).</summary>
    Functions = 1,

    /// <summary>Variables and their sections (Linux 5.2).</summary>
    DataSections = 2,

    /// <summary>Functions that are verified on their own (Linux 5.6).</summary>
    GlobalFunctions = 4,

    /// <summary>Floating-point numbers (Linux 5.13).</summary>
    Floats = 8,

    /// <summary>Tags of declarations (Linux 5.16).</summary>
    DeclarationTags = 16,

    /// <summary>Tags of types (Linux 5.17).</summary>
    TypeTags = 32,

    /// <summary>Enumerations of 64 bits, and signed ones (Linux 6.0).</summary>
    Enum64 = 64,

    /// <summary>Sections with <c>?</c> in their names (Linux 6.9).</summary>
    QuestionMarks = 128,

    /// <summary>All of them.</summary>
    All = Functions | DataSections | GlobalFunctions | Floats | DeclarationTags | TypeTags | Enum64 | QuestionMarks,
}
