using System.Collections.Immutable;
using Weft.Bpf.Linking;

namespace Weft.Bpf;

/// <content>What an object needs, without a kernel.</content>
public sealed partial class ObjectSpec
{
    /// <summary>What it takes from the kernel, in the order of its types.</summary>
    public ImmutableArray<KernelNeed> Needs => [.. Externs.Values.Select(KernelNeed.Of)];

    /// <summary>What a program of this object is made of, with all functions that it calls.</summary>
    /// <exception cref="BpfFormatException">It calls what is not there, or too deeply.</exception>
    public ProgramOutline Outline(ProgramSpec program)
    {
        var relocations = 0;
        var linked = ProgramLinker.Link(this, program, function =>
        {
            relocations += function.Relocations.Length;
            return function.Code.AsMemory();
        });
        return new(linked.Code.Length, relocations, [.. linked.Maps], [.. linked.Externs]);
    }
}

/// <summary>What a program is made of.</summary>
/// <param name="Instructions">How many instructions the kernel is given.</param>
/// <param name="Relocations">How many of them are fitted to the kernel's types (CO-RE).</param>
/// <param name="Maps">The names of the maps and sections of data that it uses.</param>
/// <param name="Needs">The names of what it takes from the kernel: <see cref="ObjectSpec.Needs"/>.</param>
public sealed record ProgramOutline(int Instructions, int Relocations, ImmutableArray<string> Maps, ImmutableArray<string> Needs);
