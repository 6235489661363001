using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weft.Manifests.Yaml;

namespace Weft.Manifests.Decoding;

/// <summary>A tree as JSON, as Kubernetes keeps it: fields in the order in which they were written.</summary>
internal static class JsonText
{
    // Plugins have small parsers of their own: what need not be escaped is not.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="path">The full name of the field, for findings.</param>
    public static string Of(Node node, string path, Findings findings)
    {
        if (node is not MapNode)
        {
            findings.Error("WEFT1011", node.Where, $"{path} is {node.What}; it must be a map.");
            return "";
        }

        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Options))
        {
            Write(node, path, writer, findings);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void Write(Node node, string path, Utf8JsonWriter writer, Findings findings)
    {
        switch (node)
        {
            case MapNode map:
                writer.WriteStartObject();
                foreach (var field in map.Fields)
                {
                    writer.WritePropertyName(field.Name.Text);
                    Write(field.Value, $"{path}.{field.Name.Text}", writer, findings);
                }

                writer.WriteEndObject();
                break;
            case ListNode list:
                writer.WriteStartArray();
                foreach (var (item, i) in list.Items.Select((item, i) => (item, i)))
                {
                    Write(item, $"{path}[{i}]", writer, findings);
                }

                writer.WriteEndArray();
                break;
            case ScalarNode scalar:
                Write(scalar, path, writer, findings);
                break;
        }
    }

    private static void Write(ScalarNode scalar, string path, Utf8JsonWriter writer, Findings findings)
    {
        if (scalar.IsNull)
        {
            writer.WriteNullValue();
        }
        else if (scalar.IsText)
        {
            writer.WriteStringValue(scalar.Text);
        }
        else if (Plain.TruthOf(scalar.Text) is { } truth)
        {
            writer.WriteBooleanValue(truth);
        }
        else if (Plain.NumberOf(scalar.Text) is { } number)
        {
            writer.WriteRawValue(number);
        }
        else
        {
            findings.Error(
                "WEFT1120", scalar.Where, $"{path}: {Excerpt.Of(scalar.Text)} is a number that JSON cannot say.", "put it in quotes");
            writer.WriteNullValue();
        }
    }
}
