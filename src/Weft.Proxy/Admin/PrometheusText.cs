using System.Globalization;
using System.Text;

namespace Weft.Proxy.Admin;

/// <summary>Writes the text format of Prometheus.</summary>
internal sealed class PrometheusText
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a metric; its samples follow.</summary>
    public void Family(string name, string type) =>
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    public void Counter(string name, double value)
    {
        Family(name, "counter");
        Sample(name, value);
    }

    public void Gauge(string name, double value)
    {
        Family(name, "gauge");
        Sample(name, value);
    }

    public void Sample(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        // Envoy writes braces also where there are no labels.
        _text.Append(name).Append('{');
        for (var i = 0; i < labels.Length; i++)
        {
            _text.Append(i == 0 ? "" : ",").Append(labels[i].Name);
            _text.Append("=\"").Append(Escaped(labels[i].Value)).Append('"');
        }

        _text.Append("} ").Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    public override string ToString() => _text.ToString();

    private static string Escaped(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
