using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;
using Weft.Bpf.Specs.Reading;

namespace Weft.Bpf.Loading;

/// <summary>An object's own types in the kernel.</summary>
internal static class OwnTypes
{
    /// <summary>Loads them; null where the object has none, or this kernel does not take them.</summary>
    public static BtfObject? Load(ObjectSpec spec, IKernel kernel)
    {
        if (spec.Types is not { } types)
        {
            return null;
        }

        var layout = new BtfLayout
        {
            SectionSize = name => spec.SectionSizes.TryGetValue(name, out var size) ? size : null,
            VariableOffset = (section, name) => section == ExternReader.Config
                ? (uint?)spec.Externs.GetValueOrDefault(name)?.Offset
                : spec.Places.TryGetValue((section, name), out var place) ? place : null,
            IsHidden = spec.Hidden.Contains,
        };
        try
        {
            return BtfObject.Load(BtfSanitizer.ForKernel(types, layout), kernel);
        }
        catch (KernelException)
        {
            // Programs and maps that need them say so themselves.
            return null;
        }
    }
}
