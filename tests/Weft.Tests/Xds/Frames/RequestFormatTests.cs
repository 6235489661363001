using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Weft.Xds;
using Weft.Xds.Frames;
using Weft.Xds.Streams;
using Weft.Xds.Subscriptions;

namespace Weft.Tests.Xds.Frames;

public sealed class RequestFormatTests
{
    private readonly RequestFormat _format = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_state_of_the_world_request_says_from_its_bytes_what_its_message_says(int seed)
    {
        var random = new Random(seed);
        var message = new DiscoveryRequest { TypeUrl = Type(random), ResponseNonce = Maybe(random, "17"), VersionInfo = Maybe(random, "é") };
        message.ResourceNames.AddRange(Names(random));
        if (random.Next(4) == 0)
        {
            message.Node = new Node { Id = "n" };
            message.ErrorDetail = new() { Message = "no" };
        }

        var (of, expected) = (_format.Sotw(message.ToByteArray()), RequestFormat.Sotw(message));
        Assert.Equal(expected.Node, of.Node);
        var (input, model) = (Assert.IsType<StreamInput.SotwRequest>(of.Input), Assert.IsType<StreamInput.SotwRequest>(expected.Input));
        Assert.Equal((model.TypeUrl, model.Nonce, model.Error), (input.TypeUrl, input.Nonce, input.Error));
        Assert.Equal(model.Names.ToArray(), input.Names);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_delta_request_says_from_its_bytes_what_its_message_says(int seed)
    {
        var random = new Random(seed);
        var message = new DeltaDiscoveryRequest { TypeUrl = Type(random), ResponseNonce = Maybe(random, "17") };
        message.ResourceNamesSubscribe.AddRange(Names(random));
        message.ResourceNamesUnsubscribe.AddRange(Names(random));
        if (random.Next(4) == 0)
        {
            message.Node = new Node { Id = "n" };
            message.InitialResourceVersions.Add("a", "1");
        }

        var (of, expected) = (_format.Delta(message.ToByteArray()), RequestFormat.Delta(message));
        Assert.Equal(expected.Node, of.Node);
        var (input, model) = (Assert.IsType<StreamInput.DeltaRequest>(of.Input), Assert.IsType<StreamInput.DeltaRequest>(expected.Input));
        Assert.Equal((model.TypeUrl, model.Nonce, model.Error), (input.TypeUrl, input.Nonce, input.Error));
        Assert.Equal(model.Subscribe.ToArray(), input.Subscribe);
        Assert.Equal(model.Unsubscribe.ToArray(), input.Unsubscribe);
        Assert.Equal(model.InitialVersions, input.InitialVersions);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_the_bytes_are_the_parser_of_protobuf_has_the_last_word(int seed)
    {
        var random = new Random(seed);
        var bytes = new DiscoveryRequest { TypeUrl = TypeUrl.Route, ResourceNames = { "a", "b" }, ResponseNonce = "3" }.ToByteArray();
        for (var i = 0; i < 200; i++)
        {
            var broken = (byte[])bytes[..random.Next(bytes.Length + 1)].Clone();
            if (broken.Length > 0)
            {
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            }

            Asked? expected = null;
            try
            {
                expected = RequestFormat.Sotw(DiscoveryRequest.Parser.ParseFrom(broken));
            }
            catch (InvalidProtocolBufferException)
            {
                Assert.Throws<InvalidProtocolBufferException>(() => _format.Sotw(broken));
            }

            if (expected is { Input: StreamInput.SotwRequest model })
            {
                var input = Assert.IsType<StreamInput.SotwRequest>(_format.Sotw(broken).Input);
                Assert.Equal((model.TypeUrl, model.Nonce), (input.TypeUrl, input.Nonce));
                Assert.Equal(model.Names.ToArray(), input.Names);
            }
        }
    }

    [Fact]
    public void Clients_that_ask_for_the_same_names_share_them()
    {
        var one = new DiscoveryRequest { TypeUrl = TypeUrl.Endpoints, ResourceNames = { "a", "b" } };
        var two = new DiscoveryRequest { TypeUrl = TypeUrl.Endpoints, ResponseNonce = "1", ResourceNames = { "a", "b" } };
        var first = Assert.IsType<StreamInput.SotwRequest>(_format.Sotw(one.ToByteArray()).Input);
        var second = Assert.IsType<StreamInput.SotwRequest>(_format.Sotw(two.ToByteArray()).Input);
        Assert.Same(first.Names, second.Names);
    }

    [Fact]
    public void A_subscription_that_changes_leaves_the_shared_names_as_they_are()
    {
        var shared = new NameSet(["a", "b"], default);
        var (one, two) = (new Subscription(false), new Subscription(false));
        one.Add(shared);
        two.Replace(shared);
        one.Add("c");
        one.Remove("a");
        two.Add("*");
        Assert.Equal(["b", "c"], one.Names.Order());
        Assert.Equal(["a", "b"], two.Names.Order());
        Assert.Equal(["a", "b"], shared.Distinct.Order());
    }

    [Fact]
    public void A_star_among_shared_names_is_a_wildcard_and_no_name()
    {
        var shared = new NameSet(["*", "b"], default);
        var (one, two) = (new Subscription(false), new Subscription(false));
        one.Add(shared);
        two.Replace(shared);
        Assert.Equal((true, true), (one.Wildcard, two.Wildcard));
        Assert.Equal(["b"], one.Names);
        Assert.Equal(["b"], two.Names);
    }

    [Fact]
    public void Names_that_nobody_holds_are_forgotten()
    {
        var sets = new NameSets();
        for (var i = 0; i < 5000; i++)
        {
            sets.Keep(new([$"{i}"], Weft.Flow.ContentHash.Of(BitConverter.GetBytes(i))));
            if (i == 3000)
            {
                GC.Collect();
            }
        }

        Assert.InRange(sets.Count, 1, 4000);
    }

    private static string Type(Random random) =>
        random.Next(3) switch { 0 => TypeUrl.Endpoints, 1 => "example.com/Ünknown", _ => "" };

    private static string Maybe(Random random, string text) => random.Next(2) == 0 ? "" : text;

    private static IEnumerable<string> Names(Random random) =>
        Enumerable.Range(0, random.Next(3) * random.Next(30)).Select(i => new string('é', random.Next(80)) + i);
}
