using Weft.Proxy.Filters;

namespace Weft.Tests.Proxy;

/// <summary>How long filters live.</summary>
public sealed class FilterShelfTests
{
    private readonly FilterShelf _shelf = new();

    [Fact]
    public void A_filter_ends_when_it_is_replaced_and_its_last_request_has_ended()
    {
        var (one, first) = Add("a");
        _shelf.Keep(Set(first));
        Assert.Same(first, _shelf.Enter(first));
        var (_, second) = Add("a");
        _shelf.Keep(Set(first, second));
        _shelf.Keep(Set(second));
        Assert.False(one.IsDisposed);
        first.Leave();
        Assert.True(one.IsDisposed);
    }

    [Fact]
    public void A_request_that_comes_too_late_meets_the_version_in_its_place()
    {
        var (_, first) = Add("a");
        var (_, second) = Add("a");
        _shelf.Keep(Set(second));
        Assert.Same(second, _shelf.Enter(first));
        _shelf.Keep(Set());
        Assert.Null(_shelf.Enter(first));
    }

    [Fact]
    public void What_was_not_known_yet_stays_and_what_was_passed_over_goes()
    {
        var (one, _) = Add("a");
        _shelf.Keep(Set());
        Assert.False(one.IsDisposed);
        var (_, second) = Add("a");
        var (three, _) = Add("a");
        _shelf.Keep(Set(second));
        Assert.Equal((true, false), (one.IsDisposed, three.IsDisposed));
    }

    [Fact]
    public void At_the_end_all_go()
    {
        var (one, _) = Add("a");
        var (two, second) = Add("b");
        Assert.True(second.TryEnter());
        _shelf.Close();
        Assert.Equal((true, false), (one.IsDisposed, two.IsDisposed));
        second.Leave();
        Assert.True(two.IsDisposed);
        Assert.False(second.TryEnter());
    }

    private static HashSet<HeldFilter> Set(params HeldFilter[] filters) => [.. filters];

    private (Filter Filter, HeldFilter Held) Add(string resource)
    {
        var filter = new Filter();
        return (filter, _shelf.Add(resource, filter));
    }

    private sealed class Filter : IHttpFilter
    {
        public bool IsDisposed { get; private set; }

        public IHttpFilterRun? Begin(HttpFilterExchange exchange) => null;

        public void Dispose() => IsDisposed = true;
    }
}
