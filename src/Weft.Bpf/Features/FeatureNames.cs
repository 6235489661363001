using System.Text;

namespace Weft.Bpf.Features;

/// <summary>Names for reports: <c>KprobeMultiLink</c> is <c>kprobe_multi_link</c>.</summary>
internal static class FeatureNames
{
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        var text = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    public static string GroupOf(KernelFeature feature) => feature switch
    {
        >= KernelFeature.AttachRawTracepoint => "attach",
        >= KernelFeature.Types and <= KernelFeature.KernelTypes => "types",
        _ => "misc",
    };
}
