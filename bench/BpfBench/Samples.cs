using System.Diagnostics;
using System.Text.Json;

namespace Weft.BpfBench;

/// <summary>The measured values of all rounds.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public double Median => _values.Order().ElementAt(_values.Count / 2);

    public void Add(double value) => _values.Add(value);

    /// <summary>Writes them as the other programs do.</summary>
    public void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteNumber("median", Median);
        json.WriteNumber("min", _values.Min());
        json.WriteNumber("max", _values.Max());
        json.WriteNumber("n", _values.Count);
        json.WriteEndObject();
    }

    /// <summary>Prints one object of JSON as a line.</summary>
    public static void Print(string bench, Action<Utf8JsonWriter> write)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("impl", "Weft.Bpf");
            json.WriteString("bench", bench);
            write(json);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    public static double Nanoseconds(long start, long end) => (end - start) * (1e9 / Stopwatch.Frequency);
}
