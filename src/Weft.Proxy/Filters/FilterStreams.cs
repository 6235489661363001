using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Weft.Proxy.Forwarding;

namespace Weft.Proxy.Filters;

/// <summary>
/// The discovered filters that see one exchange. The request meets them in order, the response in the opposite one.
/// </summary>
internal sealed class FilterStreams(Exchange exchange, FilterShelf shelf) : IDisposable
{
    private readonly List<IHttpFilterRun> _streams = [];
    private readonly List<HeldFilter> _held = [];
    private FilteredWrites? _response;
    private HttpFilterReply? _late;

    private CancellationToken Aborted => exchange.Context.RequestAborted;

    /// <summary>Shows the request to the filters; true where one of them, or the lack of one, has answered it.</summary>
    public async ValueTask<bool> AnswerAsync(ListenerView view)
    {
        var known = new HttpFilterExchange(exchange.Context, view.Config.Name, view.Config.IsInbound) { Exchange = exchange };
        var headers = new RequestHeaderView(exchange);
        foreach (var ready in view.Filters)
        {
            if (ready.Refuses)
            {
                await exchange.ReplyAsync(StatusCodes.Status500InternalServerError, "");
                return true;
            }

            if (Begin(ready, known) is not { } stream)
            {
                continue;
            }

            _streams.Add(stream);
            if (await stream.OnRequestHeadersAsync(headers, !exchange.HasBody, Aborted) is { } reply)
            {
                await ReplyAsync(reply);
                return true;
            }
        }

        SeeRequestBody();
        return false;
    }

    /// <summary>Shows the headers of a response that was received; true where a filter has answered instead.</summary>
    public async ValueTask<bool> ReplaceAsync()
    {
        var response = exchange.Context.Response;
        var headers = new ResponseHeaderView(response);
        for (var i = _streams.Count - 1; i >= 0; i--)
        {
            if (await _streams[i].OnResponseHeadersAsync(headers, Aborted) is { } reply)
            {
                await WriteAsync(reply);
                return true;
            }
        }

        SeeResponseBody();
        return false;
    }

    /// <summary>Shows the headers of a response of the proxy's own, which stays as it is but for them.</summary>
    public async ValueTask ShowAsync()
    {
        var headers = new ResponseHeaderView(exchange.Context.Response);
        for (var i = _streams.Count - 1; i >= 0; i--)
        {
            await _streams[i].OnResponseHeadersAsync(headers, Aborted);
        }
    }

    /// <summary>Gives the answer of a filter that has ended the request in the midst of its body; false where none has.</summary>
    public async ValueTask<bool> AnswerLateAsync()
    {
        if (_late is not { } reply)
        {
            return false;
        }

        await ReplyAsync(reply);
        return true;
    }

    /// <summary>The body of the response has come to its end.</summary>
    public ValueTask EndResponseAsync() => _response?.EndAsync(Aborted) ?? default;

    /// <summary>Shows the trailers.</summary>
    public async ValueTask ShowTrailersAsync()
    {
        if (exchange.Context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is not { Count: > 0 } trailers)
        {
            return;
        }

        var view = new PlainHeaderView(trailers);
        for (var i = _streams.Count - 1; i >= 0; i--)
        {
            await _streams[i].OnResponseTrailersAsync(view, Aborted);
        }
    }

    public void Dispose()
    {
        _streams.ForEach(s => s.Dispose());
        _held.ForEach(f => f.Leave());
    }

    private IHttpFilterRun? Begin(ReadyFilter ready, HttpFilterExchange known)
    {
        if (ready.Filter is null || shelf.Enter(ready.Filter) is not { } held)
        {
            return null;
        }

        _held.Add(held);
        return held.Filter.Begin(known);
    }

    private void SeeRequestBody()
    {
        var seeing = _streams.Where(s => s.SeesRequestBody).ToImmutableArray();
        if (!seeing.IsEmpty && exchange is { HasBody: true, IsUpgrade: false })
        {
            var request = exchange.Context.Request;
            // How long it will be only the filters know.
            request.ContentLength = null;
            request.Body = new FilteredReads(request.Body, seeing, reply => _late = reply);
        }
    }

    private void SeeResponseBody()
    {
        ImmutableArray<IHttpFilterRun> seeing = [.. _streams.Where(s => s.SeesResponseBody).Reverse()];
        var response = exchange.Context.Response;
        var isEmpty = HttpMethods.IsHead(exchange.Context.Request.Method) || response.StatusCode is 204 or 304;
        if (seeing.IsEmpty || exchange.IsUpgrade || isEmpty)
        {
            return;
        }

        response.ContentLength = null;
        _response = new(response.Body, seeing);
        response.Body = _response;
    }

    private async Task ReplyAsync(HttpFilterReply reply)
    {
        exchange.Context.Response.Clear();
        Prepare(reply);
        // As Envoy does: a filter sees its own answer, too.
        await ShowAsync();
        await WriteBodyAsync(reply);
    }

    private Task WriteAsync(HttpFilterReply reply)
    {
        Prepare(reply);
        return WriteBodyAsync(reply);
    }

    private void Prepare(HttpFilterReply reply)
    {
        var response = exchange.Context.Response;
        response.Headers.Clear();
        response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers.Append(name, value);
        }

        exchange.Server.Apply(response.Headers);
        response.ContentLength = reply.Body.Length;
    }

    private async Task WriteBodyAsync(HttpFilterReply reply)
    {
        if (!reply.Body.IsEmpty && !HttpMethods.IsHead(exchange.Context.Request.Method))
        {
            await exchange.Context.Response.Body.WriteAsync(reply.Body, Aborted);
        }
    }
}
