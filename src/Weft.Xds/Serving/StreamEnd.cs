using Google.Protobuf;
using Grpc.Core;

namespace Weft.Xds.Serving;

/// <summary>Tells the client that went, and the server that drains, from an error of the stream.</summary>
internal static class StreamEnd
{
    /// <summary>Runs a stream to its end.</summary>
    /// <param name="failed">Told of what is an error of the server itself.</param>
    /// <param name="gone">Cancelled once the client has gone.</param>
    /// <param name="ending">Cancelled then, too, and when the server drains.</param>
    /// <exception cref="RpcException">The stream ended by an error, the client's or the server's.</exception>
    public static async Task TellAsync(
        Func<Task> stream, Action<Exception> failed, CancellationToken gone, CancellationToken ending)
    {
        try
        {
            await stream();
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has gone, or the server drains: the stream ends cleanly and the client comes back.
        }
        // An IOException, too, but one that tells of the bytes and not of the connection.
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The request cannot be read: {e.Message}"));
        }
        catch (Exception e) when (e is IOException
            || (e is InvalidOperationException && gone.IsCancellationRequested))
        {
            // The client went while it was read from or written to, perhaps before the token tells.
        }
        catch (Exception e) when (e is not RpcException)
        {
            failed(e);
            throw new RpcException(new Status(StatusCode.Internal, "The stream failed in the control plane; its log says why."));
        }
    }
}
