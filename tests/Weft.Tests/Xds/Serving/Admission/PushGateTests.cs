using Weft.Xds;
using Weft.Xds.Serving;

namespace Weft.Tests.Xds.Serving;

public sealed class PushGateTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    [Fact]
    public void Turns_are_given_in_the_order_in_which_they_were_asked_for()
    {
        var gate = new PushGate(2);
        var turns = Enumerable.Range(0, 5).Select(_ => new PushGate.Turn(gate)).ToList();
        var given = turns.Select(turn => turn.TakeAsync().AsTask()).ToList();
        Assert.Equal([true, true, false, false, false], given.Select(g => g.IsCompleted));
        Assert.Equal(3, gate.Waiting);
        turns[1].GiveBack();
        Assert.Equal([true, true, true, false, false], given.Select(g => Soon(g, 2, given)));
        turns[2].GiveBack();
        turns[0].GiveBack();
        Assert.Equal([true, true, true, true, true], given.Select(g => Soon(g, 4, given)));
        turns[3].GiveBack();
        turns[4].GiveBack();
        Assert.Equal(0, gate.Waiting);
        Assert.True(IsGiven(turns[0].TakeAsync()) && IsGiven(turns[1].TakeAsync()));
        Assert.False(IsGiven(turns[2].TakeAsync()));
    }

    [Fact]
    public void To_take_again_or_to_give_back_again_changes_nothing()
    {
        var gate = new PushGate(1);
        var (one, other) = (new PushGate.Turn(gate), new PushGate.Turn(gate));
        Assert.True(IsGiven(one.TakeAsync()));
        Assert.True(IsGiven(one.TakeAsync()));
        one.GiveBack();
        one.GiveBack();
        Assert.True(IsGiven(other.TakeAsync()));
        Assert.False(IsGiven(one.TakeAsync()));
    }

    [Fact]
    public void A_turn_costs_no_memory()
    {
        var gate = new PushGate(1);
        var turn = new PushGate.Turn(gate);
        TakeAndGiveBack(turn, 10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        TakeAndGiveBack(turn, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task No_more_have_a_turn_at_once_than_may()
    {
        const int Most = 3;
        var gate = new PushGate(Most);
        var (now, peak) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            var turn = new PushGate.Turn(gate);
            for (var i = 0; i < 500; i++)
            {
                await turn.TakeAsync();
                InterlockedMax(ref peak, Interlocked.Increment(ref now));
                Thread.SpinWait(20);
                Interlocked.Decrement(ref now);
                turn.GiveBack();
            }
        })));
        Assert.InRange(peak, 1, Most);
        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public async Task A_client_that_never_reads_does_not_hold_up_the_others()
    {
        await using var fixture = await XdsServerFixture.StartAsync(new() { Overload = new() { MaxPushing = 1 } });
        fixture.Server.Publish(ResourceSet.Create(Enumerable.Range(0, 200).Select(
            i => Resources.Make(TypeUrl.Cluster, $"{i}", new string('x', 20_000)))));
        using var connection = fixture.ChannelOver(c => c);
        using var stuck = new Envoy.Service.Discovery.V3.AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(connection)
            .StreamAggregatedResources(cancellationToken: Test);
        await stuck.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("stuck"), TypeUrl = TypeUrl.Cluster }, Test);
        while (fixture.Server.Clients.All(c => c.Types.IsEmpty))
        {
            await Task.Yield();
        }

        for (var i = 0; i < 3; i++)
        {
            using var call = fixture.Sotw();
            await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Listener }, Test);
            Assert.True(await call.ResponseStream.MoveNext(Test));
        }

        Assert.Equal(SyncState.Pending, fixture.Server.Clients.Single(c => c.Node.Id == "stuck").State);
    }

    private static bool IsGiven(ValueTask turn) => turn.IsCompletedSuccessfully;

    // The continuation of a wait is run by another thread.
    private static bool Soon(Task given, int upTo, List<Task> all) =>
        all.IndexOf(given) <= upTo ? given.Wait(TimeSpan.FromSeconds(30), Test) : given.IsCompleted;

    private static void TakeAndGiveBack(PushGate.Turn turn, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(IsGiven(turn.TakeAsync()));
            turn.GiveBack();
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        var seen = Volatile.Read(ref most);
        while (value > seen && Interlocked.CompareExchange(ref most, value, seen) is var now && now != seen)
        {
            seen = now;
        }
    }
}
