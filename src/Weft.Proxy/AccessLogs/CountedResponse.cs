using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Weft.Proxy.AccessLogs;

/// <summary>A response body that is written to another stream; all else is the server's.</summary>
internal sealed class CountedResponse(IHttpResponseBodyFeature inner, CountingStream stream) : IHttpResponseBodyFeature
{
    public Stream Stream => stream;

    /// <summary>Not counted: the proxy writes to the stream alone.</summary>
    public PipeWriter Writer => inner.Writer;

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        inner.SendFileAsync(path, offset, count, cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();
}
