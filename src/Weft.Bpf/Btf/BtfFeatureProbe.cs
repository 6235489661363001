using Weft.Bpf.Kernel;

namespace Weft.Bpf.Btf;

/// <summary>Finds out what a kernel takes in BTF: it is given the smallest types with each thing in them.</summary>
public static class BtfFeatureProbe
{
    private const uint Number = 1;

    /// <summary>Asks a kernel. Needs <c>CAP_BPF</c>, before Linux 5.8 <c>CAP_SYS_ADMIN</c>.</summary>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <exception cref="KernelException">It lets us load no types at all: that says nothing of what it knows.</exception>
    public static BtfFeatures Of(IKernel? kernel = null)
    {
        var result = BtfFeatures.None;
        if (!Takes(kernel, []))
        {
            throw new KernelException(Errno.Invalid, "btf_load", "not even an integer is taken");
        }

        foreach (var (feature, types) in Probes())
        {
            result |= Takes(kernel, types) ? feature : BtfFeatures.None;
        }

        return result;
    }

    // Each of them follows an integer, type 1.
    private static IEnumerable<(BtfFeatures, BtfType[])> Probes()
    {
        var prototype = new BtfPrototype(0, 0, [new("a", Number)]);
        var variable = new BtfVariable(0, "x", Number, BtfLinkage.Static);
        BtfDataSection Section(string name) => new(0, name, sizeof(int), [new(2, 0, sizeof(int))]);

        yield return (BtfFeatures.Functions, [prototype, new BtfFunction(0, "f", 2, BtfLinkage.Static)]);
        yield return (BtfFeatures.DataSections, [variable, Section(".data")]);
        yield return (BtfFeatures.GlobalFunctions, [prototype, new BtfFunction(0, "f", 2, BtfLinkage.Global)]);
        yield return (BtfFeatures.Floats, [new BtfFloat(0, "float", sizeof(float))]);
        yield return (BtfFeatures.DeclarationTags, [variable, new BtfDeclarationTag(0, "t", 2, -1)]);
        yield return (BtfFeatures.TypeTags, [new BtfReference(0, BtfKind.TypeTag, "t", Number), new BtfReference(0, BtfKind.Pointer, "", 2)]);
        yield return (BtfFeatures.Enum64, [new BtfEnum(0, BtfKind.Enum64, "e", sizeof(ulong), false, [new("v", 1)])]);
        yield return (BtfFeatures.QuestionMarks, [variable, Section("?.data")]);
    }

    private static bool Takes(IKernel? kernel, BtfType[] types)
    {
        var builder = new BtfBuilder();
        builder.Add(new BtfInt(0, "int", sizeof(int), BtfIntEncoding.Signed, 32, 0));
        Array.ForEach(types, type => builder.Add(type));
        try
        {
            BtfObject.Load(builder.ToBytes(!BitConverter.IsLittleEndian), kernel).Dispose();
            return true;
        }
        catch (KernelException e) when (e.Errno == Errno.Invalid)
        {
            return false;
        }
    }
}
