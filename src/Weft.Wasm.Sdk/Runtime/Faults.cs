using System.Runtime.CompilerServices;

namespace Weft.Wasm.Sdk.Runtime;

/// <summary>
/// Tells of a fault that ended a callback: in the log, with method and line, and by the counter
/// <c>weft_plugin_faults</c>. The number has the reason in bits 0 to 2, the line in 3 to 18, the method in 19 to 30.
/// </summary>
internal static unsafe class Faults
{
    private static int _counter;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Report()
    {
        var fault = Machine.Fault();
        Machine.ClearFault();
        var buffer = stackalloc byte[256];
        var limit = buffer + 230;
        fixed (byte* texts = Texts)
        {
            var end = Put(buffer, texts, 0, limit);
            end = Put(end, texts, 1 + (int)(fault & 7), limit);
            end = Put(end, Machine.FaultNames(), (int)(fault >> 19) - 1, limit);
            var line = (fault >> 3) & 0xffff;
            if (line > 0)
            {
                *end++ = (byte)':';
                end = PutNumber(end, line);
            }

            _ = Abi.Log(4, buffer, (int)(end - buffer));
        }

        Count();
    }

    private static ReadOnlySpan<byte> Texts =>
        "plugin fault contained: \0index out of range at \0division by zero or overflow at \0null at \0stack exhausted at \0"u8 +
        "memory exhausted at \0fuel exhausted (endless loop?) at \0exception thrown at \0an object of a callback kept at \0"u8;

    /// <summary>Of texts that end with 0, the one behind so many others; what does not fit is cut off.</summary>
    private static byte* Put(byte* to, byte* texts, int number, byte* limit)
    {
        for (; number > 0; number--)
        {
            while (*texts++ != 0)
            {
            }
        }

        while (*texts != 0 && to < limit)
        {
            *to++ = *texts++;
        }

        return to;
    }

    private static void Count()
    {
        if (_counter == 0)
        {
            int counter;
            fixed (byte* name = "weft_plugin_faults"u8)
            {
                if (Abi.DefineMetric(0, name, 18, &counter) != 0)
                {
                    return;
                }
            }

            _counter = counter + 1;
        }

        _ = Abi.IncrementMetric(_counter - 1, 1);
    }

    private static byte* PutNumber(byte* to, uint number)
    {
        var digits = 1;
        for (var rest = number; rest >= 10; rest /= 10)
        {
            digits++;
        }

        for (var at = to + digits; at > to; number /= 10)
        {
            *--at = (byte)('0' + (number % 10));
        }

        return to + digits;
    }
}
