using System.Diagnostics;
using Weft.Xds.Streams;

namespace Weft.Xds.Serving;

/// <summary>
/// The spans of one stream's responses, each from its writing to the client's answer. What a publication causes is below
/// its span; what a client is given at its coming has a trace of its own, which refers to the publication.
/// </summary>
internal sealed class PushTrace : IDisposable
{
    private static readonly ActivitySource Source = new(XdsMetrics.MeterName);

    // A client that never answers must not fill memory; what is sent beyond this has no span.
    private const int MostOpen = 256;

    // By nonce: a large response goes in parts, each of which is answered.
    private Dictionary<string, Activity>? _open;
    private ActivityContext _cause;
    private bool _isFirst;
    private bool _hasSeen;

    /// <summary>What is sent from now on is because of <paramref name="groups"/>.</summary>
    public void Follow(ResourceGroups groups)
    {
        _cause = groups.Origin;
        _isFirst = !_hasSeen;
        _hasSeen = true;
    }

    public void Sending(Response response, string node)
    {
        if (!Source.HasListeners() || _open?.Count >= MostOpen)
        {
            return;
        }

        if (Start() is not { } span)
        {
            return;
        }

        span.SetTag("weft.node", node);
        span.SetTag("weft.xds.type", TypeUrl.IsKnown(response.TypeUrl) ? TypeUrl.ShortName(response.TypeUrl) : response.TypeUrl);
        span.SetTag("weft.xds.version", response.Version);
        span.SetTag("weft.xds.resources", response.Resources.Length);
        span.SetTag("weft.xds.removed", response.Removed.Length);
        (_open ??= new(StringComparer.Ordinal))[response.Nonce] = span;
    }

    /// <param name="error">Null where the client accepts.</param>
    public void Answered(string nonce, string? error)
    {
        if (_open is null || !_open.Remove(nonce, out var span))
        {
            return;
        }

        if (error is not null)
        {
            span.SetTag("error.type", "nack");
            span.SetStatus(ActivityStatusCode.Error, error);
        }

        End(span, error is null ? "ack" : "nack");
    }

    public void Dispose()
    {
        foreach (var span in (IEnumerable<Activity>?)_open?.Values ?? [])
        {
            End(span, "none");
        }

        _open = null;
    }

    private Activity? Start()
    {
        // The call that the stream runs in may have a span, which lasts as long as the client: not that one's child.
        var outer = Activity.Current;
        Activity.Current = null;
        try
        {
            return _isFirst || _cause == default
                ? Source.StartActivity(
                    "weft.xds.push", ActivityKind.Producer, default(ActivityContext),
                    links: _cause == default ? null : [new(_cause)])
                : Source.StartActivity("weft.xds.push", ActivityKind.Producer, _cause);
        }
        finally
        {
            Activity.Current = outer;
        }
    }

    private static void End(Activity span, string answer)
    {
        span.SetTag("weft.xds.answer", answer);
        // Whatever span is current belongs to others.
        var outer = Activity.Current;
        span.Dispose();
        Activity.Current = outer;
    }
}
