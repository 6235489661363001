using System.Globalization;
using System.Text;
using Weft.Bpf;

namespace Weft.Agent.Trace;

/// <summary>
/// What was not printed. The kernel counts it for perf buffers; for ring buffers only the program can, and many do in a
/// variable called <c>lost</c> or <c>dropped</c>.
/// </summary>
internal static class Losses
{
    private static readonly string[] Words = ["lost", "dropped", "drops"];

    public static string Text(BpfObject loaded, List<BufferTrace> buffers, RecordLines lines)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{lines.Count} records");
        foreach (var buffer in buffers.Where(b => b is PerfTrace))
        {
            text.Append(CultureInfo.InvariantCulture, $", {buffer.Lost} lost of {Agent.Text.Plain.Line(buffer.Map)}");
        }

        foreach (var variable in loaded.Spec.Variables.Values.Where(IsCounter))
        {
            if (Read(loaded, variable) is { } count)
            {
                text.Append(CultureInfo.InvariantCulture, $", {Agent.Text.Plain.Line(variable.Name)}: {count}");
            }
        }

        return text.Append('\n').ToString();
    }

    private static bool IsCounter(VariableSpec variable) =>
        variable.Size is 4 or 8 && Words.Any(w => variable.Name.Contains(w, StringComparison.OrdinalIgnoreCase));

    private static ulong? Read(BpfObject loaded, VariableSpec variable)
    {
        if (!loaded.Maps.TryGetValue(variable.Map, out var map))
        {
            return null;
        }

        var section = new byte[map.ValueSize];
        if (!map.TryLookup(stackalloc byte[4], section) || variable.Offset + variable.Size > section.Length)
        {
            return null;
        }

        var bytes = section.AsSpan(variable.Offset, variable.Size);
        return variable.Size == 4 ? BitConverter.ToUInt32(bytes) : BitConverter.ToUInt64(bytes);
    }
}
