using Grpc.Core;

namespace Weft.Xds.Serving;

/// <summary>The requests of one stream, one after another. One reader.</summary>
internal interface IRequests<TRequest>
{
    /// <summary>The last one that was read.</summary>
    public TRequest Current { get; }

    /// <summary>Reads one; false where the client has closed its half.</summary>
    public ValueTask<bool> MoveNextAsync(CancellationToken ending);
}

/// <summary>Requests as gRPC reads them.</summary>
internal sealed class MessageRequests<TMessage, TRequest>(IAsyncStreamReader<TMessage> messages, Func<TMessage, TRequest> read)
    : IRequests<TRequest>
{
    public TRequest Current => read(messages.Current);

    public ValueTask<bool> MoveNextAsync(CancellationToken ending) => new(messages.MoveNext(ending));
}
