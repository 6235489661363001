namespace Weft.Bpf.Btf;

/// <summary>Makes an object's types such that a kernel takes them. All of them keep their ids.</summary>
public static class BtfSanitizer
{
    /// <summary>The bytes for the kernel of this machine, in its byte order.</summary>
    /// <param name="types">The types of an object.</param>
    /// <param name="layout">What the object's sections and symbols say.</param>
    /// <param name="features">What the kernel takes.</param>
    /// <exception cref="BpfFormatException">Types are damaged, or a section or variable is not in the object.</exception>
    /// <exception cref="ArgumentException">The types continue others.</exception>
    public static byte[] ForKernel(BtfSpec types, BtfLayout layout, BtfFeatures features = BtfFeatures.All)
    {
        if (types.Base is not null)
        {
            throw new ArgumentException("An object's types stand alone.", nameof(types));
        }

        var edit = new BtfEdit(types);
        BtfSections.Fill(edit, layout);
        BtfFallbacks.Apply(edit, features);
        if (types.Count == 0)
        {
            // The kernel refuses BTF without any type.
            edit.Add(new BtfInt(0, "int", sizeof(int), BtfIntEncoding.Signed, 32, 0));
        }

        return edit.ToBytes();
    }
}
