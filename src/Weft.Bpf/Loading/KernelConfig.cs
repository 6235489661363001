using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Weft.Bpf.Btf;
using Weft.Bpf.Features;
using Weft.Bpf.Kernel;
using Weft.Bpf.Linking;

namespace Weft.Bpf.Loading;

/// <summary>Values of the kernel's configuration, and a few that libbpf made up, as programs see them.</summary>
internal sealed class KernelConfig(IKernel kernel)
{
    private const string Tristate = "libbpf_tristate";

    private readonly Lazy<Dictionary<string, string>> _values = new(() => Read(kernel));

    /// <summary>The kernel's version: 6.1.5 is 0x60105.</summary>
    public static uint Version(IKernel kernel)
    {
        var text = Encoding.UTF8.GetString(kernel.ReadFile("/proc/sys/kernel/osrelease") ?? []);
        var numbers = text.Split('.', '-', '+', '\n').Select(part => uint.TryParse(part, out var n) ? n : 0).Concat([0u, 0u, 0u]).ToList();
        return (numbers[0] << 16) | (numbers[1] << 8) | Math.Min(numbers[2], 255);
    }

    /// <summary>Writes a value where programs read it.</summary>
    /// <exception cref="BpfFormatException">The object cannot do without it, or its type does not fit.</exception>
    public void Write(Extern value, BtfSpec types, Span<byte> target)
    {
        var text = value.Name switch
        {
            "LINUX_KERNEL_VERSION" => Version(kernel).ToString(CultureInfo.InvariantCulture),

            // As Attach.Usdt decides it: the two sides of USDT must agree.
            "LINUX_HAS_BPF_COOKIE" => KernelFeatures.Of(KernelFeature.Cookie, kernel).IsYes ? "y" : "n",

            // Since 4.17 calls have a wrapper on the machines that .NET runs on.
            "LINUX_HAS_SYSCALL_WRAPPER" => Version(kernel) >= 0x41100 ? "y" : "n",
            _ => _values.Value.GetValueOrDefault(value.Name),
        };
        if (text is null)
        {
            if (!value.IsWeak)
            {
                throw new BpfFormatException($"{value.Name}: this kernel's configuration has no such value; declare it __weak if it may be missing");
            }

            return;
        }

        Write(value, types.Get(types.Skip(value.Type)), types, text, target.Slice(value.Offset, value.Size));
    }

    private static void Write(Extern value, BtfType type, BtfSpec types, string text, Span<byte> target)
    {
        switch (type)
        {
            case BtfArray array when types.Get(types.Skip(array.Element)) is BtfInt { Size: 1 } && text.StartsWith('"'):
                var letters = Encoding.UTF8.GetBytes(text[1..].EndsWith('"') ? text[1..^1] : text[1..]);
                letters.AsSpan(0, Math.Min(letters.Length, target.Length - 1)).CopyTo(target);
                break;
            case BtfEnum { Name: Tristate, Size: 4 } when text is "y" or "n" or "m":
                BinaryPrimitives.WriteUInt32LittleEndian(target, text switch { "y" => 1, "m" => 2, _ => 0 });
                break;
            case BtfInt { Encoding: var kind } when (kind & BtfIntEncoding.Bool) != 0 && text is "y" or "n":
                target[0] = text == "y" ? (byte)1 : (byte)0;
                break;
            case BtfInt { Size: 1, Encoding: var encoding } when (encoding & BtfIntEncoding.Bool) == 0 && text is "y" or "n" or "m":
                target[0] = (byte)text[0];
                break;
            case BtfInt number when Number(text) is { } n && Fits(n, number):
                Span<byte> bytes = stackalloc byte[16];
                BinaryPrimitives.WriteInt128LittleEndian(bytes, n);
                bytes[..target.Length].CopyTo(target);
                break;
            default:
                throw new BpfFormatException($"{value.Name}: the kernel says {text}, which its type cannot hold");
        }
    }

    private static Int128? Number(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex) ? hex : null
            : Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool Fits(Int128 number, BtfInt type)
    {
        if ((type.Encoding & BtfIntEncoding.Bool) != 0)
        {
            return number >= 0 && number <= 1;
        }

        var bits = (int)Math.Min(type.Size, 8) * 8;
        return type.IsSigned
            ? number >= -(Int128.One << (bits - 1)) && number < Int128.One << (bits - 1)
            : number >= 0 && number < Int128.One << bits;
    }

    private static Dictionary<string, string> Read(IKernel kernel)
    {
        var release = Encoding.UTF8.GetString(kernel.ReadFile("/proc/sys/kernel/osrelease") ?? []).Trim();
        var text = kernel.ReadFile($"/boot/config-{release}") is { } plain
            ? Encoding.UTF8.GetString(plain)
            : kernel.ReadFile("/proc/config.gz") is { } packed ? Unpacked(packed) : "";
        var values = new Dictionary<string, string>();
        foreach (var line in text.Split('\n').Where(l => l.StartsWith("CONFIG_", StringComparison.Ordinal)))
        {
            var end = line.IndexOf('=');
            if (end > 0)
            {
                values[line[..end]] = line[(end + 1)..].Trim();
            }
        }

        return values;
    }

    private static string Unpacked(byte[] packed)
    {
        using var reader = new StreamReader(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }
}
