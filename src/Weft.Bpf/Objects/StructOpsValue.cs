using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>What is written to a map that is a structure of operations, when it is attached.</summary>
/// <param name="value">The value without programs, as the kernel has the structure.</param>
/// <param name="places">Where descriptors of programs stand in it.</param>
/// <param name="programs">The programs that are loaded.</param>
internal sealed class StructOpsValue(
    byte[] value, ImmutableArray<(string Program, int Offset)> places, IReadOnlyDictionary<string, BpfProgram> programs)
{
    /// <summary>Writes it.</summary>
    /// <returns>The kernel's answer.</returns>
    /// <exception cref="KernelException">A program is not loaded.</exception>
    public long WriteTo(BpfMap map)
    {
        var whole = value.ToArray();
        foreach (var (name, offset) in places)
        {
            if (!programs.TryGetValue(name, out var program))
            {
                throw new KernelException(Errno.NoEntry, $"attach struct_ops {map.Name}", $"it has the operation {name}, which is not loaded");
            }

            MemoryMarshal.Write(whole.AsSpan(offset), (ulong)program.Descriptor.Number);
        }

        var result = map.Ask(BpfCommand.MapUpdateElement, stackalloc byte[sizeof(uint)], whole, 0);
        GC.KeepAlive(programs);
        return result;
    }
}
