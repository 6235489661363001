using System.Globalization;
using Weft.Wasm.Compiling;

namespace Weft.Wasm.Tests.Compiling.Differential;

/// <summary>What a call gave: a number, or the kind of fault that ended it (-1 for none, 255 for a trap).</summary>
internal readonly record struct Outcome(long Result, int Fault)
{
    public const int Trap = 255;

    public static Outcome Of(Exception exception) => new(0, (int)(exception switch
    {
        IndexOutOfRangeException or ArgumentOutOfRangeException => FaultKind.Index,
        DivideByZeroException or OverflowException => FaultKind.Division,
        NullReferenceException => FaultKind.Null,
        _ => FaultKind.Thrown,
    }));

    public override string ToString() => Fault switch
    {
        -1 => Result.ToString(CultureInfo.InvariantCulture),
        Trap => "trap",
        _ => ((FaultKind)Fault).ToString(),
    };
}

/// <summary>The arguments of one call of a random program.</summary>
internal readonly record struct Arguments(int A, int B, long C, float D, double E)
{
    private static readonly long[] Edges = [0, 1, -1, 2, 7, 31, 32, 127, 128, 255, 256, 32767, 65535, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];
    private static readonly double[] Floats = [0, -0.0, 1, -1, 0.5, 1e10, -1e10, 1e20, 1e300, 1e-310, double.NaN, double.PositiveInfinity, 3.7, 255.5];

    public static Arguments Random(Random random) => new((int)Whole(random), (int)Whole(random), Whole(random), (float)Broken(random), Broken(random));

    public void Write(BinaryWriter writer)
    {
        writer.Write(A);
        writer.Write(B);
        writer.Write(C);
        writer.Write(D);
        writer.Write(E);
    }

    private static long Whole(Random random) => random.Next(3) switch
    {
        0 => Edges[random.Next(Edges.Length)],
        1 => random.Next(-20, 100),
        _ => random.NextInt64(long.MinValue, long.MaxValue),
    };

    private static double Broken(Random random) => random.Next(3) switch
    {
        0 => Floats[random.Next(Floats.Length)],
        1 => random.Next(-100, 1000) / 8.0,
        _ => BitConverter.Int64BitsToDouble(random.NextInt64()),
    };
}
