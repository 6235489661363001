using Weft.Xds.Streams;

namespace Weft.Xds.Serving;

/// <summary>
/// Writes the responses of one stream. To begin does not wait for the client: the stream's loop goes on, and looks at
/// <see cref="IsWritten"/> before it has more to say. One owner, the loop.
/// </summary>
internal abstract class ResponseWriter
{
    /// <summary>Whether all that was begun has been taken by the client's connection.</summary>
    public abstract bool IsWritten { get; }

    /// <summary>Begins to write; only when all before <see cref="IsWritten"/> and <see cref="WrittenAsync"/> has been awaited.</summary>
    /// <param name="responses">They stand until then.</param>
    /// <param name="cut">Cuts off a client that does not read.</param>
    public abstract void Begin(ArraySegment<Response> responses, CancellationToken cut);

    /// <summary>Ends when all that was begun <see cref="IsWritten"/>.</summary>
    public abstract ValueTask WrittenAsync();
}

/// <summary>Writes responses as messages, by gRPC's own writer: where messages are compressed, or somebody looks at them.</summary>
internal sealed class MessageWriter(Func<Response, CancellationToken, Task> write) : ResponseWriter
{
    private Task _written = Task.CompletedTask;

    public override bool IsWritten => _written.IsCompleted;

    public override void Begin(ArraySegment<Response> responses, CancellationToken cut) => _written = WriteAsync(responses, cut);

    public override ValueTask WrittenAsync() => new(_written);

    private async Task WriteAsync(ArraySegment<Response> responses, CancellationToken cut)
    {
        foreach (var response in responses)
        {
            await write(response, cut);
        }
    }
}
