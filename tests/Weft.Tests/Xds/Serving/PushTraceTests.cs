using System.Diagnostics;
using Weft.Xds;
using Weft.Xds.Serving;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds.Serving;

public sealed class PushTraceTests : IDisposable
{
    private readonly string _node = Guid.NewGuid().ToString();
    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public PushTraceTests()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "Weft.Xds",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                // Streams of tests that run beside this one have spans too.
                if (Equals(span.GetTagItem("weft.node"), _node))
                {
                    _ended.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public void Each_response_is_a_span_until_its_answer()
    {
        var publication = Context();
        using (var pushes = new PushTrace())
        {
            pushes.Follow(ResourceGroups.Unpublished);
            pushes.Follow(ResourceGroups.Unpublished.From(publication));
            pushes.Sending(Response(1, removed: 2), _node);
            pushes.Sending(Response(2), _node);
            pushes.Sending(Response(3), _node);
            Assert.Null(Activity.Current);
            pushes.Answered("2", "no such cluster");
            pushes.Answered("1", null);
            pushes.Answered("1", null);
            pushes.Answered("4", null);
            Assert.Equal(2, _ended.Count);
        }

        Assert.Equal(["nack", "ack", "none"], _ended.Select(s => s.GetTagItem("weft.xds.answer")));
        Assert.Equal((ActivityStatusCode.Error, "no such cluster"), (_ended[0].Status, _ended[0].StatusDescription));
        Assert.Equal(ActivityStatusCode.Unset, _ended[1].Status);
        Assert.Equal(("rds", 0, 2), (
            _ended[1].GetTagItem("weft.xds.type"), _ended[1].GetTagItem("weft.xds.resources"), _ended[1].GetTagItem("weft.xds.removed")));
        Assert.All(_ended, s => Assert.Equal(publication.SpanId, s.ParentSpanId));
    }

    [Fact]
    public void What_a_client_is_given_at_its_coming_only_refers_to_the_publication()
    {
        var publication = Context();
        using var outer = new Activity("the call of the stream").Start();
        using (var pushes = new PushTrace())
        {
            pushes.Follow(ResourceGroups.Unpublished.From(publication));
            pushes.Sending(Response(1), _node);
            Assert.Same(outer, Activity.Current);
        }

        Assert.Same(outer, Activity.Current);
        var push = Assert.Single(_ended);
        Assert.Equal(default, push.ParentSpanId);
        Assert.Equal(publication.TraceId, Assert.Single(push.Links).Context.TraceId);
    }

    [Fact]
    public void A_client_that_never_answers_has_a_bounded_number_of_spans()
    {
        using (var pushes = new PushTrace())
        {
            for (var i = 0; i < 1000; i++)
            {
                pushes.Sending(Response(i), _node);
            }
        }

        Assert.Equal(256, _ended.Count);
    }

    public void Dispose() => _listener.Dispose();

    private static ActivityContext Context() =>
        new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    private static Response Response(long nonce, int removed = 0) =>
        new(TypeUrl.Route, "v", nonce, [], [.. Enumerable.Range(0, removed).Select(i => $"{i}")]);
}
