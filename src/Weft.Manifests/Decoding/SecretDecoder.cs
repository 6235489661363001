using System.Collections.Immutable;
using System.Text;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads a <c>Secret</c> of type <c>kubernetes.io/tls</c>; what others hold is not looked at.</summary>
internal static class SecretDecoder
{
    private const string TlsType = "kubernetes.io/tls";
    private const string Begin = "-----BEGIN ";

    /// <summary>The secret; null where it is of another type, which is nobody's business here.</summary>
    public static SecretConfig? Decode(Head head, FieldReader document)
    {
        var type = document.Text("type")?.Text;
        document.Ignore("data", "immutable", "stringData");
        if (type != TlsType)
        {
            document.Findings.Info("WEFT1014", document.Where, "The Secret is not of type kubernetes.io/tls: it has no effect.");
            return null;
        }

        return new(head.Name ?? default, Pem(document, "tls.crt"), Pem(document, "tls.key"), head.Where);
    }

    // No message shows any part of the contents.
    private static ImmutableArray<byte> Pem(FieldReader document, string name)
    {
        var plain = Value(document, "stringData", name);
        var encoded = Value(document, "data", name);
        if (plain is null && encoded is null)
        {
            document.Missing($"data.{name}");
            return [];
        }

        var bytes = plain is not null ? Encoding.UTF8.GetBytes(plain.Text) : Decoded(encoded!.Text);
        if (bytes is null || !Encoding.ASCII.GetString(bytes).Contains(Begin, StringComparison.Ordinal))
        {
            document.Findings.Error(
                "WEFT1117", (plain ?? encoded)!.Where, $"{name} of the Secret is no PEM text.",
                "put the PEM text into stringData, or its base64 into data");
        }

        return [.. bytes ?? []];
    }

    private static ScalarNode? Value(FieldReader document, string map, string name) =>
        document.Find(map) is MapNode { Fields: var fields } ? fields.FirstOrDefault(f => f.Name.Text == name)?.Value as ScalarNode : null;

    private static byte[]? Decoded(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
