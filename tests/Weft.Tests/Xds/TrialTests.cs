using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Weft.Testing;
using Weft.Xds;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds;

/// <summary>
/// A bad resource never blocks a good one, and no rejection goes on for ever: whatever is published, however slowly a
/// client answers and however little it says, it ends with every good resource in its newest version, and has lost none
/// that it had because the newest one is bad.
/// </summary>
public sealed class TrialTests
{
    private const int Bad = 2;
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    // A set for each step: 0 is absent, 2 is a version that the client rejects; then how many responses it takes.
    private static readonly Gen<(int[] Set, int Count)[]> Script =
        Gen.Select(Gen.Int[0, 3].Array[Names.Length], Gen.Int[0, 4]).Array[1, 12];

    [Theory]
    [InlineData(TypeUrl.Cluster, true, Words.Names)]
    [InlineData(TypeUrl.Cluster, true, Words.None)]
    [InlineData(TypeUrl.Cluster, false, Words.Names)]
    [InlineData(TypeUrl.Cluster, false, Words.None)]
    [InlineData(TypeUrl.Cluster, false, Words.First)]
    [InlineData(TypeUrl.Endpoints, true, Words.Names)]
    [InlineData(TypeUrl.Endpoints, true, Words.None)]
    [InlineData(TypeUrl.Endpoints, false, Words.Names)]
    [InlineData(TypeUrl.Endpoints, false, Words.None)]
    [Trait(Soak.Trait, "true")]
    public void A_bad_resource_never_blocks_a_good_one(string type, bool delta, Words words) => Script.Sample(
        script =>
        {
            foreach (var appliesTheGood in (bool[])[true, false])
            {
                Play(script, new Client(type, delta, words, appliesTheGood));
            }
        },
        iter: Soak.Runs(500, 300_000),
        print: script => string.Join('\n', script.Select(s => $"{string.Join(',', s.Set)} take {s.Count}")));

    private static void Play((int[] Set, int Count)[] script, Client client)
    {
        client.Publish([1, 1, 1, 1, 1]);
        client.Ask();
        client.Take(int.MaxValue);
        foreach (var (set, count) in script)
        {
            client.Publish(set);
            client.Take(count);
        }

        client.Take(int.MaxValue);
        client.CheckRest();
    }

    /// <summary>What a client says of what it rejects.</summary>
    public enum Words
    {
        None,
        First,
        Names,
    }

    private sealed class Client(string type, bool delta, Words words, bool appliesTheGood)
    {
        // With five names each bad one is alone after three halvings; each is then sent once more, and the whole once.
        private const int MostResponsesOfOneSet = 40;

        private readonly SotwStream _sotw = new(StreamLimits.Default);
        private readonly DeltaStream _delta = new(StreamLimits.Default);
        private readonly Queue<Response> _wire = new();
        private readonly Dictionary<string, string> _has = [];
        private readonly List<string> _log = [];
        private readonly Dictionary<string, string> _labels = [];
        private ResourceSet _set = ResourceSet.Empty;
        // Names that a set lacked since the client last accepted all: it may or may not have lost them.
        private readonly HashSet<string> _mayBeGone = [];
        private int _responses;

        private static string[] Star => ["*"];

        public void Publish(int[] versions)
        {
            _set = ResourceSet.Create(
                Names.Zip(versions).Where(pair => pair.Second > 0).Select(pair => Make(pair.First, pair.Second)), _set);
            _mayBeGone.UnionWith(Names.Where(n => !_set.Of(type).Contains(n)));
            _log.Add($"publish {string.Join(' ', _set.Of(type).All.Select(Label))}");
            _responses = 0;
            Step(new StreamInput.Published(_set));
        }

        public void Ask() => Step(delta
            ? new StreamInput.DeltaRequest(type, "", Star, [], StreamInput.DeltaRequest.NoVersions)
            : new StreamInput.SotwRequest(type, "", Star));

        public void Take(int count)
        {
            for (var i = 0; i < count && _wire.TryDequeue(out var response); i++)
            {
                var bad = response.Resources.Where(IsBad).ToList();
                if (bad.Count == 0 || appliesTheGood)
                {
                    Apply(response, bad);
                }

                if (bad.Count == 0 && _wire.Count == 0)
                {
                    _mayBeGone.Clear();
                    _mayBeGone.UnionWith(Names.Where(n => !_has.ContainsKey(n)));
                }

                Answer(response, bad.Count == 0 ? null : Text(bad));
            }
        }

        public void CheckRest()
        {
            var log = string.Join('\n', _log);
            foreach (var resource in _set.Of(type).All.Where(r => !IsBad(r)))
            {
                Assert.True(_has.GetValueOrDefault(resource.Name) == Label(resource), $"{Label(resource)} has not come:\n{log}");
            }

            // State of the world takes away only what is listed whole.
            foreach (var name in _has.Keys.Where(n => !_set.Of(type).Contains(n) && (delta || type == TypeUrl.Cluster)))
            {
                Assert.Fail($"{name} was not taken away:\n{log}");
            }
        }

        private void Apply(Response response, List<XdsResource> bad)
        {
            var whole = !delta && SendOrder.AbsenceDeletes(type);
            var before = _has.Keys.ToList();
            foreach (var name in whole ? _has.Keys.Except(response.Resources.Select(r => r.Name)) : response.Removed)
            {
                _has.Remove(name);
            }

            foreach (var resource in response.Resources.Except(bad))
            {
                _has[resource.Name] = Label(resource);
            }

            var lost = before.Where(n => !_has.ContainsKey(n) && _set.Of(type).Contains(n)).Except(_mayBeGone);
            Assert.True(!lost.Any(), $"{string.Join(' ', lost)} lost by {response.Nonce}:\n{string.Join('\n', _log)}");
        }

        private void Answer(Response response, string? error)
        {
            _log.Add($"answer {response.Nonce} {error}");
            Step(delta
                ? new StreamInput.DeltaRequest(type, response.Nonce, [], [], StreamInput.DeltaRequest.NoVersions, error)
                : new StreamInput.SotwRequest(type, response.Nonce, Star, error));
        }

        private void Step(StreamInput input)
        {
            foreach (var response in delta ? _delta.Step(input, TimeSpan.Zero) : _sotw.Step(input, TimeSpan.Zero))
            {
                _log.Add($"  {response.Nonce}: {string.Join(' ', response.Resources.Select(Label))} -[{string.Join(' ', response.Removed)}]");
                _wire.Enqueue(response);
                Assert.True(_responses++ < MostResponsesOfOneSet, $"It goes on and on:\n{string.Join('\n', _log)}");
            }
        }

        private string Text(List<XdsResource> bad) => words switch
        {
            Words.None => "no",
            Words.First => $"{bad[0].Name}: no",
            _ => string.Join(", ", bad.Select(r => $"{r.Name}: no")),
        };

        private XdsResource Make(string name, int version)
        {
            var resource = Resources.Make(type, name, version.ToString(CultureInfo.InvariantCulture));
            _labels[resource.Version] = $"{name}@{version}";
            return resource;
        }

        private string Label(XdsResource resource) => _labels[resource.Version];

        private bool IsBad(XdsResource resource) => Label(resource).EndsWith($"@{Bad}", StringComparison.Ordinal);
    }
}
