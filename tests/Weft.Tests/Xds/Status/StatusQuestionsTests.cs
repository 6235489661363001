using Envoy.Service.Status.V3;
using Weft.Xds;
using Weft.Xds.Serving;
using Weft.Xds.Statuses;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds.Statuses;

/// <summary>The way of a question to the loop of a stream and back, and what the loop says.</summary>
public sealed class StatusQuestionsTests
{
    [Fact]
    public async Task All_who_ask_before_the_loop_comes_to_it_get_one_answer()
    {
        var questions = new StatusQuestions(new Signal());
        var asked = questions.Asked;
        Assert.False(asked.IsCompleted);
        var (first, second) = (questions.AskAsync(), questions.AskAsync());
        await asked;
        Assert.True(questions.Asked.IsCompleted);
        var answers = 0;
        questions.Answer(Status);
        questions.Answer(Status);
        Assert.Equal(1, answers);
        Assert.Same(await first, await second);
        Assert.False(questions.Asked.IsCompleted);
        var third = questions.AskAsync();
        questions.Answer(Status);
        Assert.NotSame(await first, await third);

        StreamStatus Status()
        {
            answers++;
            return new([]);
        }
    }

    [Fact]
    public async Task Whoever_asks_a_stream_that_ends_or_has_ended_is_told_nothing()
    {
        var questions = new StatusQuestions(new Signal());
        var before = questions.AskAsync();
        questions.Close();
        Assert.Null(await before);
        Assert.Null(await questions.AskAsync());
    }

    [Fact]
    public void What_a_client_kept_from_an_earlier_stream_is_synced_at_no_known_time_and_what_must_go_unknown()
    {
        var kept = Resources.Make(TypeUrl.Cluster, "kept", "1");
        var set = ResourceSet.Create([kept]);
        var stream = new DeltaStream(StreamLimits.Default);
        stream.Step(new StreamInput.Published(set), TimeSpan.Zero);
        // It wants listeners, too, so that clusters do not go before its listeners are known.
        stream.Step(
            new StreamInput.DeltaRequest(
                TypeUrl.Cluster, "", ["*"], [], new Dictionary<string, string> { ["kept"] = kept.Version, ["gone"] = "7" }),
            TimeSpan.Zero);
        Assert.Equal(
            [
                new ResourceStatus(TypeUrl.Cluster, "gone", null, ConfigStatus.Unknown),
                new ResourceStatus(TypeUrl.Cluster, "kept", kept, ConfigStatus.Synced),
            ],
            StreamStatus.Of(stream.Types, set).Resources.OrderBy(r => r.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void What_replaces_a_rejected_resource_and_waits_is_not_sent_and_the_rejection_stays_told()
    {
        var (old, replacing) = (Resources.Make(TypeUrl.Listener, "l", "1"), Resources.Make(TypeUrl.Listener, "l", "2"));
        var set = ResourceSet.Create([old]);
        var stream = new SotwStream(StreamLimits.Default);
        stream.Step(new StreamInput.Published(set), TimeSpan.Zero);
        var sent = Assert.Single(stream.Step(new StreamInput.SotwRequest(TypeUrl.Listener, "", []), TimeSpan.FromSeconds(9)));
        stream.Step(new StreamInput.SotwRequest(TypeUrl.Listener, sent.Nonce, [], "bad"), TimeSpan.FromSeconds(10));
        var now = Assert.Single(StreamStatus.Of(stream.Types, ResourceSet.Create([replacing])).Resources);
        Assert.Equal((ConfigStatus.NotSent, replacing, null), (now.State, now.Resource, now.SentAt));
        Assert.Equal(new Rejection(old, "bad", TimeSpan.FromSeconds(9)), now.Rejection);
    }
}
