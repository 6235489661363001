using System.Globalization;
using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>The version of a kernel, which kernels before 5.0 want to be told by programs for kprobes.</summary>
internal static class KernelVersion
{
    /// <summary>As <c>LINUX_VERSION_CODE</c>; 0 where the kernel does not tell.</summary>
    public static uint Read(IKernel kernel) =>
        kernel.ReadFile("/proc/sys/kernel/osrelease") is { } bytes ? Parse(Encoding.ASCII.GetString(bytes)) : 0;

    /// <summary>Reads a release such as <c>4.19.0-27-amd64</c>.</summary>
    internal static uint Parse(string release)
    {
        Span<uint> parts = stackalloc uint[3];
        var rest = release.AsSpan().Trim();
        for (var i = 0; i < parts.Length; i++)
        {
            var end = rest.IndexOfAnyExceptInRange('0', '9');
            var digits = end < 0 ? rest : rest[..end];
            if (!uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out parts[i]))
            {
                break;
            }

            if (end < 0 || rest[end] != '.')
            {
                break;
            }

            rest = rest[(end + 1)..];
        }

        return (Math.Min(parts[0], 0xFFFF) << 16) | (Math.Min(parts[1], 0xFF) << 8) | Math.Min(parts[2], 0xFF);
    }
}
