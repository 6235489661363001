using Weft.Bpf.Btf;

namespace Weft.Bpf.CoRe;

/// <summary>
/// Whether a field of the kernel can be read where the object has one of the same name. Structures and unions always can,
/// for their members are looked for by name; integers may differ in size and sign, pointers in what they point to.
/// </summary>
internal static class FieldCompatibility
{
    public static bool Holds(CoReTypes local, uint localId, CoReTypes kernel, uint kernelId, WorkLimit work)
    {
        while (true)
        {
            work.Spend();
            var one = local.OpenPlain(localId);
            var other = kernel.OpenPlain(kernelId);
            if (one.IsComposite && other.IsComposite)
            {
                return true;
            }

            if (!CoReTypes.SameKind(one, other))
            {
                return false;
            }

            if (one.Kind != BtfKind.Array)
            {
                return AreCompatible(local, one, kernel, other);
            }

            (localId, kernelId) = (one.Element, other.Element);
        }
    }

    private static bool AreCompatible(CoReTypes local, TypeRecord one, CoReTypes kernel, TypeRecord other) => one.Kind switch
    {
        BtfKind.Pointer or BtfKind.Float => true,
        BtfKind.Int => one.IntOffset == 0 && other.IntOffset == 0,
        BtfKind.Enum or BtfKind.Enum64 or BtfKind.Forward => AreNamedAlike(local, one, kernel, other),
        _ => false,
    };

    private static bool AreNamedAlike(CoReTypes local, TypeRecord one, CoReTypes kernel, TypeRecord other) =>
        local.Text(one.Head.NameAt).IsEmpty
        || kernel.Text(other.Head.NameAt).IsEmpty
        || local.SameName(one.Head.NameAt, kernel, other.Head.NameAt);
}
