namespace Weft.Wasm.Tests.Compiling.Stage;

/// <summary>Numbers at which arithmetic changes its mind.</summary>
internal static class Numbers
{
    private static readonly long[] Whole =
    [
        0, 1, -1, 2, 3, 5, 7, 10, 31, 32, 63, 64, 127, 128, -128, -129, 255, 256, 32767, 32768, -32768, 65535, 65536,
        int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 53, long.MaxValue, long.MinValue, 0x0123456789abcdef,
    ];

    private static readonly double[] Broken =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, 3.7, -3.7, 100, 255.9, 256, 1e9, 2147483647, 2147483648, -2147483649, 4294967296, 1e15, 1e19,
        -1e19, 1e38, 1e300, 1e-40, 5e-324, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1, 1.0 / 3,
    ];

    /// <summary>Arguments for a method: all there are, or a sample of a fixed seed where they are too many.</summary>
    public static IEnumerable<object[]> Tuples(Type[] types, int most)
    {
        var choices = types.Select(Of).ToArray();
        var all = choices.Aggregate(1L, (n, c) => Math.Min(n * c.Length, 1 << 20));
        var random = new Random(types.Length);
        for (var i = 0L; i < Math.Min(all, most); i++)
        {
            var rest = all <= most ? i : random.NextInt64(all);
            var tuple = new object[types.Length];
            for (var at = 0; at < types.Length; at++)
            {
                tuple[at] = all <= most ? choices[at][rest % choices[at].Length] : choices[at][random.Next(choices[at].Length)];
                rest /= choices[at].Length;
            }

            yield return tuple;
        }
    }

    private static object[] Of(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => [false, true],
        TypeCode.SByte => Distinct(n => (sbyte)n),
        TypeCode.Byte => Distinct(n => (byte)n),
        TypeCode.Int16 => Distinct(n => (short)n),
        TypeCode.UInt16 => Distinct(n => (ushort)n),
        TypeCode.Char => Distinct(n => (char)n),
        TypeCode.Int32 => Distinct(n => (int)n),
        TypeCode.UInt32 => Distinct(n => (uint)n),
        TypeCode.Int64 => Distinct(n => n),
        TypeCode.UInt64 => Distinct(n => (ulong)n),
        TypeCode.Single => [.. Broken.Select(d => (object)(float)d)],
        TypeCode.Double => [.. Broken.Select(d => (object)d)],
        _ => throw new ArgumentException($"no numbers of {type}"),
    };

    private static object[] Distinct<T>(Func<long, T> of) => [.. Whole.Select(of).Distinct().Select(v => (object)v!)];
}
