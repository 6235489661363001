using Weft.Bpf.Btf;

namespace Weft.Bpf.CoRe;

/// <summary>
/// Whether a type of the kernel is the one that the object names. Their names are the same already; of structures, unions
/// and enumerations nothing more is asked, pointers, arrays and prototypes are followed.
/// </summary>
internal sealed class TypeCompatibility(CoReTypes local, CoReTypes kernel, WorkLimit work)
{
    private const int MaxDepth = 32;

    /// <exception cref="BpfFormatException">The types are too deep.</exception>
    public bool Holds(uint localId, uint kernelId) => Holds(localId, kernelId, MaxDepth);

    private bool Holds(uint localId, uint kernelId, int level)
    {
        // What a typedef is of is compared, but never a typedef with what is none.
        if (!CoReTypes.SameKind(local.Open(localId), kernel.Open(kernelId)))
        {
            return false;
        }

        for (var depth = 0; depth < MaxDepth; depth++)
        {
            work.Spend();
            var one = local.OpenPlain(localId);
            var other = kernel.OpenPlain(kernelId);
            if (!CoReTypes.SameKind(one, other))
            {
                return false;
            }

            switch (one.Kind)
            {
                case BtfKind.Pointer:
                    (localId, kernelId) = (one.Target, other.Target);
                    break;
                case BtfKind.Array:
                    (localId, kernelId) = (one.Element, other.Element);
                    break;
                case BtfKind.Prototype when !ParametersHold(one, other, level):
                    return false;
                case BtfKind.Prototype:
                    (localId, kernelId) = (one.Target, other.Target);
                    break;
                default:
                    return AreCompatible(one, other);
            }
        }

        throw new BpfFormatException("its types are too deep");
    }

    private bool ParametersHold(TypeRecord one, TypeRecord other, int level)
    {
        if (one.Count != other.Count)
        {
            return false;
        }

        for (var i = 0; i < one.Count; i++)
        {
            if (level <= 0)
            {
                throw new BpfFormatException("its types are too deep");
            }

            if (!Holds(local.File.Skip(one.Parameter(i)), kernel.File.Skip(other.Parameter(i)), level - 1))
            {
                return false;
            }
        }

        return true;
    }

    // libbpf refuses floating-point numbers here, though it relocates fields of them.
    private static bool AreCompatible(TypeRecord one, TypeRecord other) => one.Kind switch
    {
        BtfKind.Void or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Forward => true,
        BtfKind.Int => one.IntOffset == 0 && other.IntOffset == 0,
        _ => false,
    };
}
