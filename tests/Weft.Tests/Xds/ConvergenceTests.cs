using CsCheck;
using Weft.Testing;
using Weft.Xds;

namespace Weft.Tests.Xds;

/// <summary>
/// Whatever happens on the way, a client of either protocol ends with exactly what the set has of what it wants.
/// A random script is played to one client of each; then both are let come to rest and compared.
/// </summary>
public sealed class ConvergenceTests
{
    private static readonly string[] Types = [TypeUrl.Cluster, TypeUrl.Endpoints, TypeUrl.Listener, TypeUrl.Route, "x/Other"];
    private static readonly string[] Names = ["a", "b", "c"];

    private static readonly Gen<Action> Publish =
        from choices in Gen.Int[0, 4].Array[Types.Length * Names.Length]
        select new Action.Publish(choices) as Action;

    private static readonly Gen<Action> Subscribe =
        from type in Gen.Int[0, Types.Length - 1]
        from names in Gen.Bool.Array[Names.Length + 1]
        select new Action.Subscribe(Types[type], names) as Action;

    private static readonly Gen<Action> Deliver =
        from count in Gen.Int[1, 3]
        from rejects in Gen.Frequency((6, Gen.Const(false)), (1, Gen.Const(true)))
        select new Action.Deliver(count, rejects) as Action;

    private static readonly Gen<Action> Reconnect = Gen.Const(new Action.Reconnect() as Action);

    private static readonly Gen<Action> Wait =
        from seconds in Gen.Int[1, 60]
        select new Action.Wait(TimeSpan.FromSeconds(seconds)) as Action;

    private static readonly Gen<Action[]> Script =
        Gen.Frequency((4, Publish), (5, Subscribe), (8, Deliver), (1, Reconnect)).Array[1, 40];

    private static readonly Gen<Action[]> LongScript =
        Gen.Frequency((4, Publish), (5, Subscribe), (8, Deliver), (1, Reconnect), (4, Wait)).Array[1, 40];

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void What_a_delta_client_has_equals_what_a_state_of_the_world_client_has() => Script.Sample(
        script =>
        {
            var (sotw, delta) = (new SotwClient(), new DeltaClient());
            foreach (var action in script)
            {
                sotw.Do(action);
                delta.Do(action);
            }

            // What was rejected is sent anew only when it changes, so the last word changes everything.
            var last = new Action.Publish([.. Enumerable.Repeat(9, Types.Length * Names.Length)]);
            foreach (var client in new ModelClient[] { sotw, delta })
            {
                client.Do(last);
                client.Rest();
            }

            foreach (var type in Types)
            {
                Assert.Equal(sotw.Expected(type), sotw.Has(type));
                Assert.Equal(delta.Expected(type), delta.Has(type));
                Assert.Equal(sotw.Has(type), delta.Has(type));
            }
        },
        iter: Soak.Runs(5_000, 2_000_000),
        print: script => string.Join('\n', script.Select(a => a.ToString())));

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Nothing_dies_as_long_as_the_server_lives() => LongScript.Sample(
        script =>
        {
            ModelClient[] clients = [new SotwClient { IsMortal = true }, new DeltaClient { IsMortal = true }];
            foreach (var client in clients)
            {
                Array.ForEach(script, client.Do);
                client.Do(new Action.Publish([.. Enumerable.Repeat(9, Types.Length * Names.Length)]));
                client.Rest();
                Assert.All(Types, type => Assert.Equal(client.Expected(type), client.Has(type)));
            }
        },
        iter: Soak.Runs(3_000, 1_000_000),
        print: script => string.Join('\n', script.Select(a => a.ToString())));

    internal abstract record Action
    {
        private Action()
        {
        }

        /// <summary>For each type and name: 0 is absent, else its version.</summary>
        public sealed record Publish(int[] Choices) : Action
        {
            public override string ToString() => $"publish {string.Join(',', Choices)}";

            /// <param name="isMortal">Whether most versions have a time to live.</param>
            public ResourceSet Set(bool isMortal) => ResourceSet.Create(
                from t in Enumerable.Range(0, Types.Length)
                from n in Enumerable.Range(0, Names.Length)
                let version = Choices[(t * Names.Length) + n]
                where version > 0
                select Resources.Make(Types[t], Names[n], $"{version}", Types[t] == TypeUrl.Cluster || Types[t] == TypeUrl.Listener ? [Names[n]] : [])
                    .WithTimeToLive(isMortal ? LifeOf(version) : null));

            private static TimeSpan? LifeOf(int version) => version switch
            {
                1 or 9 => TimeSpan.FromSeconds(30),
                2 => TimeSpan.FromSeconds(36),
                3 => TimeSpan.FromMinutes(5),
                _ => null,
            };
        }

        /// <summary>Wants these names from now on; the last choice is everything.</summary>
        public sealed record Subscribe(string Type, bool[] Wants) : Action
        {
            public override string ToString() => $"subscribe {TypeUrl.ShortName(Type)} {string.Join(',', Wants)}";

            public HashSet<string> Wanted => [.. Names.Append("*").Where((_, i) => Wants[i])];
        }

        /// <summary>Takes responses that were sent, and answers them.</summary>
        public sealed record Deliver(int Count, bool Rejects) : Action;

        /// <summary>Time goes by, while all that comes is taken.</summary>
        public sealed record Wait(TimeSpan Time) : Action;

        /// <summary>The stream breaks; what was on its way is lost.</summary>
        public sealed record Reconnect : Action;
    }
}
