using Weft.Agent.Commands;
using Weft.Agent.Text;
using Weft.Bpf;

namespace Weft.Agent.Trace;

/// <summary>Traces with one object: loads it, reads its buffers, attaches its programs, and lets all go in the end.</summary>
internal sealed class Tracer(string file, TraceSettings settings, TextWriter output, TextWriter error)
{
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var spec = ObjectFile.Read(file);
        foreach (var value in settings.Values)
        {
            Variables.Set(spec, value);
        }

        var (types, loading) = Load(spec);
        using var loaded = loading;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var lines = new RecordLines(spec.Types, output, settings.Count, end.Cancel);
        List<BufferTrace> buffers = [];
        try
        {
            // Before programs run that write into them.
            buffers.AddRange(loaded.Maps.Values.Select(map => BufferTrace.Of(map, types, lines)).OfType<BufferTrace>());
            CheckBuffers(buffers);
            using (Attachments.Make(loaded, file, error))
            {
                await error.WriteLineAsync($"tracing {Plain.Line(string.Join(", ", buffers.Select(b => b.Map)))}; Ctrl+C ends it");
                await ReadAsync(buffers, end);
            }

            buffers.ForEach(b => b.Drain());
            await error.WriteAsync(Losses.Text(loaded, buffers, lines));
            return AgentCommand.Done;
        }
        finally
        {
            buffers.ForEach(b => b.Dispose());
        }
    }

    private (RecordTypes Types, BpfObject Loaded) Load(ObjectSpec spec)
    {
        try
        {
            // Maps that are to be pinned are not: nothing stays, and what others have pinned is not touched.
            return (RecordTypes.Of(spec, settings.Type), BpfObject.Load(spec, new() { Backend = settings.Backend, BestEffort = true, PinFolder = null }));
        }
        catch (BpfException e)
        {
            throw new CommandException($"{file}: {e.Message}", e);
        }
    }

    private void CheckBuffers(List<BufferTrace> buffers)
    {
        if (buffers.Count == 0)
        {
            throw new CommandException(
                $"{file}: it has neither a ring buffer nor a perf buffer, so that nothing can be printed; 'weft-agent bpf inspect' lists its maps");
        }
    }

    private async Task ReadAsync(List<BufferTrace> buffers, CancellationTokenSource end)
    {
        if (settings.Duration is { } duration)
        {
            end.CancelAfter(duration);
        }

        // A thread for each: they wait in the kernel.
        await Task.WhenAll(buffers.Select(buffer => Task.Factory.StartNew(
            () => buffer.Read(end), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }
}
