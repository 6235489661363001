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
        return Try(types, layout, BtfFeatures.All, kernel) ?? Lesser(types, layout, kernel);
    }

    // Without what an older kernel does not know. Programs and maps that need more say so themselves.
    private static BtfObject? Lesser(BtfSpec types, BtfLayout layout, IKernel kernel)
    {
        try
        {
            return Try(types, layout, BtfFeatureProbe.Of(kernel), kernel);
        }
        catch (KernelException)
        {
            return null;
        }
    }

    private static BtfObject? Try(BtfSpec types, BtfLayout layout, BtfFeatures features, IKernel kernel)
    {
        try
        {
            return BtfObject.Load(BtfSanitizer.ForKernel(types, layout, features), kernel);
        }
        catch (KernelException)
        {
            return null;
        }
    }
}
