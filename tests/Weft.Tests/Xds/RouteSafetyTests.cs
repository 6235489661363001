using System.Globalization;
using System.Text;
using CsCheck;
using Weft.Testing;
using Weft.Xds;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds;

/// <summary>
/// Make before break, as a property: whatever is published, however late the client answers and whatever routes it
/// rejects, no route that it uses is ever without its cluster.
/// </summary>
public sealed class RouteSafetyTests
{
    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly string[] Asked = [TypeUrl.Cluster, TypeUrl.Endpoints, TypeUrl.Listener, TypeUrl.Route];

    // (what, a set, how many, dice): publishes the set, takes so many responses, or lets time go by.
    private static readonly Gen<(int What, int[] Set, int Count, int Dice)[]> Script =
        Gen.Select(Gen.Int[0, 2], Gen.Int[1, 3].Array[6], Gen.Int[1, 3], Gen.Int[0, 4]).Array[1, 30];

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [Trait(Soak.Trait, "true")]
    public void No_route_in_use_is_ever_without_its_cluster(bool delta, bool rejectsRoutes) => Script.Sample(
        script =>
        {
            var client = new Client(delta);
            client.Publish([1, 1, 1, 0, 0, 0]);
            foreach (var type in Asked)
            {
                client.Ask(type);
            }

            foreach (var (what, set, count, dice) in script)
            {
                switch (what)
                {
                    case 0:
                        client.Publish(set);
                        break;
                    case 1:
                        client.Take(count, rejectsRoutes && dice == 1);
                        break;
                    default:
                        client.Wait(TimeSpan.FromMilliseconds(count * 300));
                        break;
                }
            }
        },
        iter: Soak.Runs(3_000, 1_000_000));

    private sealed class Client(bool delta)
    {
        private readonly SotwStream _sotw = new(StreamLimits.Default);
        private readonly DeltaStream _delta = new(StreamLimits.Default);
        private readonly Queue<Response> _wire = new();
        private readonly Dictionary<string, Dictionary<string, XdsResource>> _holds =
            Asked.ToDictionary(t => t, _ => new Dictionary<string, XdsResource>());

        // Which cluster a version of a route leads to: version k to the k-th name.
        private readonly Dictionary<string, string> _leadsTo = [];
        private readonly StringBuilder _log = new();
        private TimeSpan _now;
        private ResourceSet? _set;

        /// <param name="choices">Three versions of routes, three of clusters; a set has the clusters its routes lead to.</param>
        public void Publish(int[] choices)
        {
            var resources = new List<XdsResource>();
            foreach (var i in Enumerable.Range(0, Names.Length))
            {
                var route = Resources.Make(TypeUrl.Route, Names[i], choices[i].ToString(CultureInfo.InvariantCulture));
                _leadsTo[route.Version] = Names[choices[i] - 1];
                resources.Add(route);
            }

            foreach (var i in choices[..3].Select(v => v - 1).Distinct())
            {
                var version = choices[3 + i].ToString(CultureInfo.InvariantCulture);
                resources.Add(Resources.Make(TypeUrl.Cluster, Names[i], version, Names[i]));
                resources.Add(Resources.Make(TypeUrl.Endpoints, Names[i], "1"));
            }

            _log.AppendLine($"publish {string.Join(' ', resources)}");
            _set = ResourceSet.Create(resources, _set);
            Step(new StreamInput.Published(_set));
        }

        public void Ask(string type) => Step(delta
            ? new StreamInput.DeltaRequest(type, "", ["*"], [], StreamInput.DeltaRequest.NoVersions)
            : new StreamInput.SotwRequest(type, "", ["*"]));

        public void Wait(TimeSpan span)
        {
            _now += span;
            Step(new StreamInput.Elapsed());
        }

        public void Take(int count, bool rejectsRoutes)
        {
            for (var i = 0; i < count && _wire.TryDequeue(out var response); i++)
            {
                var rejects = rejectsRoutes && response.TypeUrl == TypeUrl.Route;
                _log.AppendLine($"take {response.Nonce}{(rejects ? ", reject" : "")}");
                if (!rejects)
                {
                    Apply(response);
                }

                foreach (var route in _holds[TypeUrl.Route].Values.Where(r => delta || _set!.Of(TypeUrl.Route).Contains(r.Name)))
                {
                    Assert.True(
                        _holds[TypeUrl.Cluster].ContainsKey(_leadsTo[route.Version]),
                        $"{route} leads to {_leadsTo[route.Version]}, which is gone:\n{_log}");
                }

                var error = rejects ? "no" : null;
                Step(delta
                    ? new StreamInput.DeltaRequest(response.TypeUrl, response.Nonce, [], [], StreamInput.DeltaRequest.NoVersions, error)
                    : new StreamInput.SotwRequest(response.TypeUrl, response.Nonce, ["*"], error));
            }
        }

        private void Apply(Response response)
        {
            var held = _holds[response.TypeUrl];
            if (!delta && SendOrder.AbsenceDeletes(response.TypeUrl))
            {
                held.Clear();
            }

            foreach (var name in response.Removed)
            {
                held.Remove(name);
            }

            foreach (var resource in response.Resources)
            {
                held[resource.Name] = resource;
            }
        }

        private void Step(StreamInput input)
        {
            foreach (var response in delta ? _delta.Step(input, _now) : _sotw.Step(input, _now))
            {
                _log.AppendLine($"  {response.Nonce}: {string.Join(' ', response.Resources)} -[{string.Join(' ', response.Removed)}]");
                _wire.Enqueue(response);
            }
        }
    }
}
