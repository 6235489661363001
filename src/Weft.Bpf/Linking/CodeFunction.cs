using System.Collections.Immutable;
using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.CoRe;

namespace Weft.Bpf.Linking;

/// <summary>A function of an object, as it stands in its section.</summary>
/// <param name="Section">The index of its section.</param>
/// <param name="Start">Its first instruction in the section.</param>
/// <param name="Type">Its type in the object's BTF; 0 where it is not known.</param>
internal sealed record CodeFunction(
    string Name,
    int Section,
    string SectionName,
    int Start,
    bool IsGlobal,
    ImmutableArray<Instruction> Code,
    ImmutableArray<Reference> References,
    ImmutableArray<CoReRelocation> Relocations,
    uint Type,
    ImmutableArray<LineInfo> Lines);
