using System.Net;

namespace Weft.Xds.Client;

/// <summary>
/// Lets a request that its connection refused fail. <see cref="SocketsHttpHandler"/> would send it again over another one,
/// without the messages that the stream has written by then: the server would wait for them, and the client for it.
/// </summary>
internal sealed class SentOnce(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Content = request.Content is { } content ? new Once(content) : null;
        return base.SendAsync(request, cancellationToken);
    }

    private sealed class Once : HttpContent
    {
        private readonly HttpContent _content;
        private bool _isSent;

        public Once(HttpContent content)
        {
            _content = content;
            foreach (var header in content.Headers.NonValidated)
            {
                Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            if (_isSent)
            {
                throw new IOException("The server refused the stream, or its connection was about to end.");
            }

            _isSent = true;
            return _content.CopyToAsync(stream, context, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _content.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
