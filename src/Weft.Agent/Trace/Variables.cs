using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Weft.Agent.Commands;
using Weft.Bpf;
using Weft.Bpf.Btf;

namespace Weft.Agent.Trace;

/// <summary>Sets variables of an object, as the command line has them.</summary>
internal static class Variables
{
    private const int Listed = 20;

    /// <param name="text"><c>name=value</c>: a number (also 0x…), true or false, or text for an array of characters.</param>
    /// <exception cref="UsageException">There is no such variable, or the value does not fit.</exception>
    public static void Set(ObjectSpec spec, string text)
    {
        if (text.Split('=', 2) is not [var name, var value])
        {
            throw new UsageException($"--set {text}: it wants NAME=VALUE");
        }

        if (!spec.Variables.TryGetValue(name, out var variable))
        {
            var names = string.Join(", ", spec.Variables.Keys.Take(Listed));
            throw new UsageException($"--set {text}: the object has no variable {name}; it has {(names.Length == 0 ? "none" : names)}");
        }

        if (!(variable.Declaration is BtfArray ? TrySetText(variable, value) : TrySetNumber(variable, value)))
        {
            throw new UsageException($"--set {text}: {value} does not fit into the {variable.Size} bytes of {name}");
        }
    }

    // A zero ends it.
    private static bool TrySetText(VariableSpec variable, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        if (bytes.Length >= variable.Size)
        {
            return false;
        }

        variable.Bytes.Clear();
        bytes.CopyTo(variable.Bytes);
        return true;
    }

    private static bool TrySetNumber(VariableSpec variable, string value)
    {
        var isKnown = TryParse(value, out var number);
        if (!isKnown || variable.Size is not (1 or 2 or 4 or 8))
        {
            return false;
        }

        // What is cut off may only be zeros, or the sign again.
        var bits = variable.Size * 8;
        if (number < -(Int128.One << (bits - 1)) || number >= Int128.One << bits)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt128LittleEndian(bytes, number);
        bytes[..variable.Size].CopyTo(variable.Bytes);
        if (!BitConverter.IsLittleEndian)
        {
            variable.Bytes.Reverse();
        }

        return true;
    }

    private static bool TryParse(string value, out Int128 number)
    {
        if (bool.TryParse(value, out var truth))
        {
            number = truth ? 1 : 0;
            return true;
        }

        if (value.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            var isHex = ulong.TryParse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits);
            number = bits;
            return isHex;
        }

        return Int128.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
