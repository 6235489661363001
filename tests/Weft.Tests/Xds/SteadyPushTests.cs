using System.Buffers;
using Weft.Xds;
using Weft.Xds.Frames;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds;

/// <summary>What thousands of streams do at once for each change makes no garbage.</summary>
public sealed class SteadyPushTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    private delegate ArraySegment<Response> Step(StreamInput input, TimeSpan now);

    [Theory]
    [InlineData(true, TypeUrl.Endpoints)]
    [InlineData(true, TypeUrl.Cluster)]
    [InlineData(false, TypeUrl.Endpoints)]
    [InlineData(false, TypeUrl.Cluster)]
    public void A_change_goes_from_the_set_to_the_pipe_without_an_allocation(bool delta, string changing)
    {
        Step[] streams = [Open(delta), Open(delta)];
        var format = delta ? ResponseFormat.Delta("weft") : ResponseFormat.Sotw("weft");
        var to = new ArrayBufferWriter<byte>(1024 * 1024);
        var set = ResourceSet.Create([
            .. Names.Select(name => Resources.Make(TypeUrl.Cluster, name, "0", name)),
            .. Names.Select(name => Resources.Make(TypeUrl.Endpoints, name, "0"))]);
        var allocated = 0L;
        for (var round = 1; round < 6; round++)
        {
            set = set.With([], [Resources.Make(changing, "b", $"{round}", changing == TypeUrl.Cluster ? ["b"] : [])]);
            // What the first stream finds out is found out for all.
            foreach (var step in streams)
            {
                to.ResetWrittenCount();
                var before = GC.GetAllocatedBytesForCurrentThread();
                var said = step(set.Publication, TimeSpan.Zero);
                Write(said, format, to);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                foreach (var request in said.Select(r => Request(delta, r.TypeUrl, r.Nonce)).ToList())
                {
                    step(request, TimeSpan.Zero);
                }
            }

            if (round == 1)
            {
                Array.ForEach(streams, step => Ask(step, delta));
            }
        }

        Assert.NotEqual(0, to.WrittenCount);
        Assert.Equal(0, allocated);
    }

    private static void Write(ArraySegment<Response> said, ResponseFormat format, ArrayBufferWriter<byte> to)
    {
        var writer = new BlockWriter(to);
        foreach (var response in said)
        {
            foreach (var resource in response.Resources)
            {
                format.WriteResource(response, resource, 0, int.MaxValue, ref writer);
            }

            format.WriteRest(response, ref writer);
        }

        writer.Done();
    }

    private static Step Open(bool delta) => delta ? new DeltaStream(StreamLimits.Default).Step : new SotwStream(StreamLimits.Default).Step;

    private static void Ask(Step step, bool delta)
    {
        foreach (var type in (string[])[TypeUrl.Cluster, TypeUrl.Endpoints])
        {
            var said = step(Request(delta, type, ""), TimeSpan.Zero);
            step(Request(delta, type, said.Single().Nonce), TimeSpan.Zero);
        }
    }

    private static StreamInput Request(bool delta, string type, string nonce)
    {
        var names = type == TypeUrl.Endpoints ? Names : [];
        return delta
            ? new StreamInput.DeltaRequest(type, nonce, nonce.Length == 0 ? names : [], [], StreamInput.DeltaRequest.NoVersions)
            : new StreamInput.SotwRequest(type, nonce, names);
    }
}
