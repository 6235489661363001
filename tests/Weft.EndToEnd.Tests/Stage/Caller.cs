using System.Net;
using System.Net.Security;
using Weft.Testing;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>An answer as the caller sees it.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body, Version Protocol);

/// <summary>Sends requests to a port of a proxy; the Host header says which service is meant.</summary>
internal sealed class Caller : IDisposable
{
    private static readonly byte[] EmptyGrpcMessage = new byte[5];

    private readonly string _origin;
    private readonly HttpClient _http;

    /// <param name="tlsHost">Whom the connection asks for within TLS; null without TLS.</param>
    public Caller(int port, string? tlsHost = null)
    {
        _origin = $"{(tlsHost is null ? "http" : "https")}://127.0.0.1:{port}";
        _http = new(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            SslOptions = new()
            {
                TargetHost = tlsHost,
                // A certificate of the test's own making, which no authority has signed: whose it is matters.
                RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                {
                    Certificate = certificate?.Subject;
                    return !errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable);
                },
            },
        });
    }

    /// <summary>The subject of the certificate that was shown last.</summary>
    public string? Certificate { get; private set; }

    public Task<Answer> GetAsync(
        string host, string path = "/", params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(host, path, HttpVersion.Version11, headers);

    public async Task<Answer> SendAsync(
        string host, string path, Version version, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_origin + path))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = host;
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new(response.StatusCode, body, response.Version);
    }

    /// <summary>Sends the request of a routing case as it stands there.</summary>
    public async Task<HttpResponseMessage> SendAsync(string host, RoutingExchange exchange)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(exchange.Method),
            new Uri(_origin + exchange.Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Host = host;
        request.Headers.Add(Application.EchoHeader, "1");
        foreach (var (name, value) in exchange.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Calls a gRPC method with an empty message; gives its status and the answering bytes as text.</summary>
    public async Task<(string Status, string Text)> CallAsync(string host, string method)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_origin + method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(EmptyGrpcMessage),
        };
        request.Headers.Host = host;
        request.Headers.TE.ParseAdd("trailers");
        request.Content.Headers.ContentType = new("application/grpc");
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var trailers = response.TrailingHeaders.Concat(response.Headers);
        return (trailers.Where(h => h.Key == "grpc-status").Select(h => h.Value.Single()).FirstOrDefault("none"), text);
    }

    /// <summary>Awaits the first answer that is what it should be.</summary>
    public Task<Answer> AnswersAsync(string host, Func<Answer, bool> isIt) => Eventually.GetAsync(
        $"an answer of {host}", _ => GetAsync(host), isIt, cancellation: TestContext.Current.CancellationToken);

    public void Dispose() => _http.Dispose();
}
