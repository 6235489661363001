using System.Globalization;
using Google.Protobuf.Reflection;

namespace Weft.Translation.Raw;

/// <summary>Reads numbers, given as numbers or as text: 64 bits do not fit JSON's numbers everywhere.</summary>
internal static class NumberText
{
    public static object? ReadInteger(FieldType type, RawNode node, RawFindings found, string label)
    {
        if (node is not RawScalar scalar || !IsNumber(scalar) || IsNotFinite(scalar))
        {
            found.WrongKind(label, "a whole number", node);
            return null;
        }

        if (!CheckZeros(scalar, found, label))
        {
            return null;
        }

        if (!TryDecimal(scalar.Text, out var value))
        {
            found.Error(RawCodes.OutOfRange, node.Mark, $"{label}: {Shown.Plain(scalar.Text)} is out of range.");
            return null;
        }

        if (value != decimal.Truncate(value))
        {
            found.WrongKind(label, "a whole number", node);
            return null;
        }

        var (least, most) = Range(type);
        if (value < least || value > most)
        {
            found.Error(
                RawCodes.OutOfRange, node.Mark,
                $"{label}: {Shown.Plain(scalar.Text)} is not between {least} and {most}.");
            return null;
        }

        return Box(type, value);
    }

    public static object? ReadFloating(FieldType type, RawNode node, RawFindings found, string label)
    {
        if (node is not RawScalar scalar || (!IsNumber(scalar) && !IsNotFinite(scalar)))
        {
            found.WrongKind(label, "a number", node);
            return null;
        }

        if (!CheckZeros(scalar, found, label))
        {
            return null;
        }

        var value = ToDouble(scalar.Text);
        var fits = type == FieldType.Double ? double.IsFinite(value) : float.IsFinite((float)value);
        if (!fits && !IsNotFinite(scalar))
        {
            found.Error(RawCodes.OutOfRange, node.Mark, $"{label}: {Shown.Plain(scalar.Text)} is out of range.");
            return null;
        }

        // Boxed apart: the two arms would otherwise meet in a double.
        return type == FieldType.Double ? value : (object)(float)value;
    }

    /// <summary>The value of a scalar that is a number.</summary>
    public static double ToDouble(string text) => text.TrimStart('+', '-') switch
    {
        "Infinity" or ".inf" or ".Inf" or ".INF" => text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
        "NaN" or ".nan" or ".NaN" or ".NAN" => double.NaN,
        _ when text.StartsWith("0x", StringComparison.Ordinal) || text.StartsWith("0o", StringComparison.Ordinal) =>
            TryDecimal(text, out var whole) ? (double)whole : double.PositiveInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// Refuses <c>0644</c>: octal in YAML 1.1 (and to Envoy), decimal in YAML 1.2, nothing in JSON.
    /// </summary>
    public static bool CheckZeros(RawScalar scalar, RawFindings found, string label)
    {
        var digits = scalar.Text.TrimStart('+', '-');
        if (digits.Length < 2 || digits[0] != '0' || !char.IsAsciiDigit(digits[1]))
        {
            return true;
        }

        found.WrongKind(label, "a number without leading zeros", scalar,
            "write octal numbers as 0o644, text in quotes");
        return false;
    }

    private static bool IsNumber(RawScalar scalar) => scalar.Kind switch
    {
        ScalarKind.Number => true,
        ScalarKind.Text when scalar.Text.Length is > 0 and <= 400 =>
            RawScalar.IsDecimal(scalar.Text[0] == '-' ? scalar.Text.AsSpan(1) : scalar.Text),
        _ => false,
    };

    private static bool IsNotFinite(RawScalar scalar) => scalar.Kind switch
    {
        ScalarKind.Number =>
            scalar.Text.TrimStart('+', '-') is ".inf" or ".Inf" or ".INF" or ".nan" or ".NaN" or ".NAN",
        ScalarKind.Text => scalar.Text is "NaN" or "Infinity" or "-Infinity",
        _ => false,
    };

    private static bool TryDecimal(string text, out decimal value)
    {
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            var fits = ulong.TryParse(
                text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex);
            value = hex;
            return fits;
        }

        if (text.StartsWith("0o", StringComparison.Ordinal))
        {
            var digits = text.AsSpan(2).TrimStart('0');
            value = 0;
            foreach (var digit in digits)
            {
                value = (value * 8) + (digit - '0');
                if (value > ulong.MaxValue)
                {
                    return false;
                }
            }

            return true;
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static (decimal Least, decimal Most) Range(FieldType type) => type switch
    {
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int.MinValue, int.MaxValue),
        FieldType.UInt32 or FieldType.Fixed32 => (uint.MinValue, uint.MaxValue),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => (long.MinValue, long.MaxValue),
        _ => (ulong.MinValue, ulong.MaxValue),
    };

    private static object Box(FieldType type, decimal value) => type switch
    {
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int)value,
        FieldType.UInt32 or FieldType.Fixed32 => (uint)value,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => (long)value,
        _ => (ulong)value,
    };
}
