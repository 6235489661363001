using System.Collections.Immutable;

namespace Weft.Bpf;

/// <summary>
/// A structure of operations of an object: a variable of <c>.struct_ops</c> or <c>.struct_ops.link</c>, some members of which are
/// programs.
/// </summary>
/// <param name="Type">The type of the variable in the object's BTF.</param>
/// <param name="Programs">The names of the programs, and where in the variable they stand, in bytes.</param>
internal sealed record StructOpsSpec(uint Type, ImmutableDictionary<uint, string> Programs);
