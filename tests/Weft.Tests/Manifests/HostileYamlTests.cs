using System.Text;
using Weft.Flow;
using Weft.Manifests;
using Weft.Testing;

namespace Weft.Tests.Manifests;

/// <summary>Throws damaged manifests at the decoder. A failure prints the seed; <c>WEFT_SEED</c> repeats it.</summary>
public sealed class HostileYamlTests
{
    private static readonly string[] Corpus =
    [
        Decoded.Document(
            "v1", "Service",
            "selector: {app: a}\nports:\n- {name: http, port: 80, targetPort: 8080}\n- {name: b, port: 81}"),
        "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata:\n  name: a\n"
            + "  labels: {kubernetes.io/service-name: b}\nports: [{port: 80}]\n"
            + "endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]\n",
        Decoded.Document(
            "gateway.networking.k8s.io/v1", "HTTPRoute",
            "parentRefs: [{group: \"\", kind: Service, name: b}]\nrules:\n- matches: [{path: {value: /a}}]\n"
            + "  backendRefs: [{name: c, weight: 1}]\n  timeouts: {request: 10s}"),
        Decoded.Document(
            "weft.dev/v1alpha1", "Workload",
            "address: 10.0.0.1\nappPort: 80\nrun: {command: [a, 'b'], env: {A: \"b\"}}"),
        "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"Service\"}]}",
    ];

    private static readonly string[] Pieces =
    [
        "\t", "\n", "\r", "---\n", "...\n", ": ", "- ", "? ", "[", "]", "{", "}", ",", "#", "&a ", "*a", "!!str ",
        "!<x> ", "|\n", ">-\n", "\"", "'", "%TAG ! x\n", "%YAML 1.1\n", "<<: ", "\\u0000", "\\UFFFFFFFF", "\u0085",
        "\u2028", "\uFEFF", "null", "~", "0x1F", "99999999999",
    ];

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Damaged_manifests_never_throw_and_name_places_in_the_file()
    {
        var seed = Soak.Seed();
        var dice = new Random(seed);
        for (var run = 0; run < Soak.Runs(2_500, 2_000_000); run++)
        {
            var bytes = Damaged(dice);
            try
            {
                var text = Encoding.UTF8.GetString(bytes);
                var lines = text.Count(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029') + 1;
                var file = ManifestDecoder.Decode("a.yaml", bytes);
                Assert.All(Decoded.Diagnostics(file), d => Assert.InRange(d.Where!.Line, 0, lines + 1));
                Assert.All(file.Documents.Where(d => d.Config is not null), d =>
                    Assert.All(d.Diagnostics, x => Assert.NotEqual(Severity.Error, x.Severity)));
                Assert.True(file.IsComplete || file.Diagnostics.Length == 1);
            }
            catch (Exception mistake)
            {
                Assert.Fail($"seed {seed}, run {run}: {mistake}\n{Encoding.UTF8.GetString(bytes)}");
            }
        }
    }

    private static byte[] Damaged(Random dice)
    {
        var text = new StringBuilder(Corpus[dice.Next(Corpus.Length)]);
        if (dice.Next(3) == 0)
        {
            text.Append("---\n").Append(Corpus[dice.Next(Corpus.Length)]);
        }

        for (var changes = dice.Next(1, 6); changes > 0; changes--)
        {
            var at = dice.Next(text.Length + 1);
            var length = Math.Min(dice.Next(12), text.Length - at);
            _ = dice.Next(5) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.ToString(at, length)),
                2 => text.Insert(at, (char)dice.Next(1, 0x300)),
                _ => text.Insert(at, Pieces[dice.Next(Pieces.Length)]),
            };
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (dice.Next(10) == 0 && bytes.Length > 0)
        {
            bytes[dice.Next(bytes.Length)] = (byte)dice.Next(256);
        }

        return bytes;
    }
}
