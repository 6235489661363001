using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>
/// What a kernel has. Each question is asked once for each <see cref="IKernel"/>, by trying it with a tiny program or map
/// that is gone at once. The answers are of this process with its rights.
/// </summary>
public static class KernelFeatures
{
    /// <summary>Whether programs of a type may be loaded. That they can be attached is another question: <see cref="KernelFeature"/>.</summary>
    /// <param name="kernel">The kernel; null for the one below.</param>
    public static FeatureAnswer ProgramType(ProgramType type, IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        return FeatureCache.Of(kernel).Answer(type, type => ProgramProbe.Ask(kernel, type));
    }

    /// <summary>Whether maps of a type may be made.</summary>
    /// <inheritdoc cref="ProgramType"/>
    public static FeatureAnswer MapType(MapType type, IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        return FeatureCache.Of(kernel).Answer(type, type => MapProbe.Ask(kernel, type));
    }

    /// <summary>Whether programs of a type may call a helper.</summary>
    /// <param name="helper">Its number, <see cref="HelperNames.NumberOf"/>.</param>
    /// <inheritdoc cref="ProgramType"/>
    public static FeatureAnswer Helper(ProgramType type, int helper, IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        return FeatureCache.Of(kernel).Answer((type, helper), key => HelperProbe.Ask(kernel, key.type, key.helper));
    }

    /// <summary>Whether a kernel has something else.</summary>
    /// <inheritdoc cref="ProgramType"/>
    public static FeatureAnswer Of(KernelFeature feature, IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        return FeatureCache.Of(kernel).Answer(feature, feature => FeatureProbes.Ask(kernel, feature));
    }

    /// <summary>
    /// All that can be asked, with names such as <c>ring_buffer</c> and groups such as <c>map</c>. Helpers are asked of each
    /// type of programs that the kernel takes, and have the group <c>helper/</c> with the type. It is asked while it is read.
    /// </summary>
    /// <inheritdoc cref="ProgramType"/>
    public static IEnumerable<(string Name, string Group, FeatureAnswer Answer)> All(IKernel? kernel = null)
    {
        foreach (var feature in Enum.GetValues<KernelFeature>())
        {
            yield return (FeatureNames.Of(feature), FeatureNames.GroupOf(feature), Of(feature, kernel));
        }

        foreach (var type in Enum.GetValues<MapType>().Where(t => t != Bpf.MapType.Unspecified))
        {
            yield return (FeatureNames.Of(type), "map", MapType(type, kernel));
        }

        var types = Enum.GetValues<ProgramType>().Where(t => t != Bpf.ProgramType.Unspecified).ToList();
        foreach (var type in types)
        {
            yield return (FeatureNames.Of(type), "program", ProgramType(type, kernel));
        }

        foreach (var type in types.Where(t => HelperProbe.CanAsk(t) && ProgramType(t, kernel).IsYes))
        {
            for (var helper = 1; helper < HelperNames.All.Length; helper++)
            {
                yield return (HelperNames.All[helper], $"helper/{FeatureNames.Of(type)}", Helper(type, helper, kernel));
            }
        }
    }
}
