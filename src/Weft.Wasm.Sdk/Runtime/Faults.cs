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
        var end = Put(buffer, "plugin fault contained: "u8);
        end = Put(end, Reason(fault & 7));
        end = PutName(end, (int)(fault >> 19), buffer + 230);
        var line = (fault >> 3) & 0xffff;
        if (line > 0)
        {
            end = PutNumber(Put(end, ":"u8), line);
        }

        _ = Abi.Log(4, buffer, (int)(end - buffer));
        Count();
    }

    /// <summary>The name with that number, from 1; what does not fit is cut off.</summary>
    private static byte* PutName(byte* to, int number, byte* limit)
    {
        var name = Machine.FaultNames();
        while (--number > 0)
        {
            while (*name++ != 0)
            {
            }
        }

        while (*name != 0 && to < limit)
        {
            *to++ = *name++;
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

    private static ReadOnlySpan<byte> Reason(uint kind) => kind switch
    {
        0 => "index out of range at "u8,
        1 => "division by zero or overflow at "u8,
        2 => "null at "u8,
        3 => "stack exhausted at "u8,
        4 => "memory exhausted at "u8,
        5 => "fuel exhausted (endless loop?) at "u8,
        6 => "exception thrown at "u8,
        _ => "an object of a callback kept at "u8,
    };

    private static byte* Put(byte* to, ReadOnlySpan<byte> text)
    {
        fixed (byte* from = text)
        {
            Machine.Copy(to, from, text.Length);
        }

        return to + text.Length;
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
