namespace Weft.Bpf.Btf;

/// <summary>
/// Makes BTF of types. Each is given as it would be read; its own id does not count, the ids of others in it do, and may be
/// those of types that are added later.
/// </summary>
public sealed class BtfBuilder
{
    private readonly BtfImage _image;
    private readonly uint _firstId;
    private uint _count;

    /// <param name="below">The types that are continued, as those of a module continue the kernel's; null for none.</param>
    public BtfBuilder(BtfSpec? below = null)
    {
        _image = BtfImage.Empty(below);
        _firstId = below?.EndId ?? 1;
    }

    /// <summary>The id that the next type gets.</summary>
    public uint NextId => _firstId + _count;

    /// <summary>Adds a type.</summary>
    /// <param name="type">The type, but not <c>void</c>, which each file has.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="ArgumentException">BTF cannot hold it: more than 65,535 members, or a bit field beyond 2 MiB.</exception>
    public uint Add(BtfType type)
    {
        if (NextId >= BtfSpec.MaxTypes)
        {
            throw new ArgumentException("There are more types than BTF can hold.", nameof(type));
        }

        BtfEncoder.Encode(_image, type);
        return _firstId + _count++;
    }

    /// <summary>The BTF of all that was added.</summary>
    /// <param name="isBigEndian">Whether it is for machines with the most significant byte first.</param>
    public byte[] ToBytes(bool isBigEndian = false) => _image.ToBytes(isBigEndian);
}
