using Weft.Bpf.Btf;

namespace Weft.Bpf.CoRe;

/// <summary>What becomes of an instruction.</summary>
/// <param name="Old">What it must have now.</param>
/// <param name="New">What it gets.</param>
/// <param name="IsPoison">Whether the kernel has nothing to give it.</param>
/// <param name="CanResize">Whether a load or store may get the new size, where that differs.</param>
/// <param name="AgreesOnSize">Whether all types of the kernel that are meant have the field in the same size.</param>
internal readonly record struct Resolution(
    CoReValue Old, CoReValue New, bool IsPoison = false, bool CanResize = true, bool AgreesOnSize = true)
{
    /// <summary>The kernel has the field, type or enumerator.</summary>
    public static Resolution Found(CoReKind kind, AccessPath local, AccessPath kernel, bool isBigEndian)
    {
        var (old, found) = (CoReValue.Of(kind, local, isBigEndian), CoReValue.Of(kind, kernel, isBigEndian));
        return new(old, found, CanResize: old.Size == found.Size || AreResizable(local.Types.Open(old.Type), kernel.Types.Open(found.Type)));
    }

    /// <summary>The kernel has none of it: that is an answer for some kinds, and for others there is none.</summary>
    public static Resolution Missing(CoReKind kind, AccessPath local, bool isBigEndian) =>
        new(CoReValue.Of(kind, local, isBigEndian), new(0), IsPoison: NeedsTarget(kind));

    private static bool NeedsTarget(CoReKind kind) =>
        (kind.IsField() && kind != CoReKind.FieldExists) || kind == CoReKind.EnumeratorValue;

    // A load fills the register with zeros, which is right for numbers without a sign and for pointers of 32 bits.
    private static bool AreResizable(TypeRecord old, TypeRecord found) =>
        (old.Kind == BtfKind.Pointer && found.Kind == BtfKind.Pointer)
        || (old.Kind == BtfKind.Int && found.Kind == BtfKind.Int
            && old.Encoding != BtfIntEncoding.Signed && found.Encoding != BtfIntEncoding.Signed);
}
