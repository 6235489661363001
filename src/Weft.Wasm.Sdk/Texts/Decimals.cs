namespace Weft.Wasm.Sdk;

/// <summary>Numbers with a fraction as people read them.</summary>
internal static class Decimals
{
    private const int Scale = 1_000_000;

    internal static void Append(ref Utf8Writer text, double number)
    {
        if (double.IsNaN(number))
        {
            text.Append("NaN"u8);
            return;
        }

        if (number < 0)
        {
            text.Append((byte)'-');
            number = -number;
        }

        if (number > double.MaxValue)
        {
            text.Append("Infinity"u8);
            return;
        }

        var exponent = Normalise(ref number);
        AppendPlain(ref text, number);
        if (exponent != 0)
        {
            text.Append((byte)'e');
            text.Append(exponent);
        }
    }

    // Numbers between a thousandth and a thousand million stay as they are; others get a power of ten.
    private static int Normalise(ref double number)
    {
        var exponent = 0;
        if (number == 0 || (number >= 1e-3 && number < 1e9))
        {
            return exponent;
        }

        for (; number >= 9.9999995; exponent++)
        {
            number /= 10;
        }

        for (; number < 0.99999995; exponent--)
        {
            number *= 10;
        }

        return exponent;
    }

    private static void AppendPlain(ref Utf8Writer text, double number)
    {
        var scaled = (ulong)((number * Scale) + 0.5);
        text.AppendUnsigned(scaled / Scale);
        var fraction = (int)(scaled % Scale);
        if (fraction == 0)
        {
            return;
        }

        text.Append((byte)'.');
        for (var digit = Scale / 10; fraction != 0; digit /= 10)
        {
            text.Append((byte)('0' + (fraction / digit)));
            fraction %= digit;
        }
    }
}
