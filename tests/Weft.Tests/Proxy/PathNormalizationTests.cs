using System.Net;
using System.Net.Sockets;
using System.Text;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Weft.Proxy.Routing;

namespace Weft.Tests.Proxy;

/// <summary>The answers of Envoy 1.40 to the same paths.</summary>
public sealed class PathNormalizationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/a/..", "/")]
    [InlineData("/..", "/")]
    [InlineData("/../a", "/a")]
    [InlineData("/a//b", "/a/b")]
    [InlineData("/a///b//", "/a/b/")]
    [InlineData("/", "/")]
    [InlineData("//", "//")]
    [InlineData("//a", "/a")]
    [InlineData("/a//../b", "/a/b")]
    [InlineData("/a/%2e%2E/b", "/b")]
    [InlineData("/a/.%2e/b", "/b")]
    [InlineData("/a/...", "/a/...")]
    [InlineData("/a/.b", "/a/.b")]
    [InlineData("/a/b.", "/a/b.")]
    [InlineData("/a/b..", "/a/b..")]
    [InlineData("/a%2Fb", "/a%2Fb")]
    [InlineData("/a%5cb", "/a%5cb")]
    [InlineData(@"/a\b", "/a/b")]
    [InlineData(@"/a\..\b", "/b")]
    [InlineData(@"/\", "//")]
    [InlineData("/%61%41%7e%2D%5F%30", "/aA~-_0")]
    [InlineData("/%zz", "/%zz")]
    [InlineData("/%", "/%")]
    [InlineData("/%2", "/%2")]
    [InlineData("/%25%32%45", "/%252E")]
    [InlineData("/%252e", "/%252e")]
    [InlineData("/%2%65", "/%252e")]
    [InlineData("/%%32%65", "/%252e")]
    [InlineData("/a?b/../c//d", "/a?b/../c//d")]
    [InlineData("/a/../b?x=%2e", "/b?x=%2e")]
    [InlineData("/;a/../b", "/b")]
    [InlineData("/a;/..;/b", "/a;/..;/b")]
    [InlineData("/a/%2e", "/a/")]
    [InlineData("/a/%2e/", "/a/")]
    [InlineData("/./", "/")]
    [InlineData("/a/b/../../..", "/")]
    [InlineData("/a/%2e%2e%2fb", "/a/..%2fb")]
    [InlineData("/x/%C3%A9", "/x/%C3%A9")]
    [InlineData("/\"<>^`{|}", "/%22%3C%3E%5E%60%7B%7C%7D")]
    [InlineData("/!$&'()*+,-:;=@[]_~", "/!$&'()*+,-:;=@[]_~")]
    [InlineData("*", "*")]
    public void A_path_becomes_canonical(string path, string canonical) => Assert.Equal(
        (canonical, PathVerdict.GoOn), new PathNormalization(true, true, EscapedSlashes.Keep).Apply(path));

    [Theory]
    [InlineData("/%00")]
    [InlineData("/a#f")]
    [InlineData("/a/..#f")]
    [InlineData("/a\u007f")]
    [InlineData("/\u00e9")]
    public void A_path_that_is_none_is_refused(string path) => Assert.Equal(
        PathVerdict.Refuse, new PathNormalization(true, true, EscapedSlashes.Keep).Apply(path).Verdict);

    [Theory]
    [InlineData("/a%2Fb", "/a/b")]
    [InlineData("/a%2fb", "/a/b")]
    [InlineData("/a%5cb", "/a/b")]
    [InlineData("/a%2F..%2Fb", "/b")]
    [InlineData("/a%2F/b", "/a/b")]
    [InlineData("/%2f%2fa", "/a")]
    [InlineData("/a%2f?b=%2f", "/a/?b=%2f")]
    public void Escaped_slashes_are_kept_refused_redirected_or_undone(string path, string unescaped)
    {
        Assert.Equal((path, PathVerdict.GoOn), With(EscapedSlashes.Keep).Apply(path));
        Assert.Equal(PathVerdict.Refuse, With(EscapedSlashes.Refuse).Apply(path).Verdict);
        Assert.Equal((unescaped, PathVerdict.Redirect), With(EscapedSlashes.Redirect).Apply(path));
        Assert.Equal((unescaped, PathVerdict.GoOn), With(EscapedSlashes.Unescape).Apply(path));

        static PathNormalization With(EscapedSlashes escaped) => new(true, escaped != EscapedSlashes.Keep, escaped);
    }

    [Fact]
    public void What_is_not_asked_for_is_not_done()
    {
        Assert.Equal("/a/..//%61", PathNormalization.None.Apply("/a/..//%61").Target);
        Assert.Equal("/a/../%61", new PathNormalization(false, true, EscapedSlashes.Keep).Apply("/a/..//%61").Target);
        Assert.Equal("//a", new PathNormalization(true, false, EscapedSlashes.Keep).Apply("/a/..//%61").Target);
    }

    [Fact]
    public void What_is_canonical_stays_so_and_no_path_breaks_it()
    {
        var dice = new Random(5);
        var normal = new PathNormalization(true, true, EscapedSlashes.Keep);
        for (var i = 0; i < 50_000; i++)
        {
            var path = "/" + new string(dice.GetItems<char>(@"/.%2eE56a\;?", dice.Next(0, 12)));
            var (once, verdict) = normal.Apply(path);
            Assert.Equal(PathVerdict.GoOn, verdict);
            Assert.StartsWith("/", once, StringComparison.Ordinal);
            Assert.DoesNotContain("/../", once.Split('?')[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_application_sees_the_path_that_was_routed()
    {
        await using var mesh = await Mesh.StartAsync();
        var service = await mesh.ServeAsync(c => c.Response.Body.WriteAsync(
            Encoding.ASCII.GetBytes(c.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget)).AsTask());
        mesh.Plane.Apply(
            Resources.Cluster("c"), Resources.Endpoints("c", service),
            Resources.Listener("l", new HttpConnectionManager
            {
                NormalizePath = true,
                MergeSlashes = true,
                PathWithEscapedSlashesAction = HttpConnectionManager.Types.PathWithEscapedSlashesAction.UnescapeAndRedirect,
                RouteConfig = Resources.Routes("r", Resources.To("c")),
            }));
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1 && s.Clusters == 1 && s.WarmingClusters.IsEmpty);
        // The body is one chunk.
        Assert.EndsWith(
            "\r\n/b?x=//\r\n0\r\n\r\n", await AskAsync(mesh.AddressOf(), "/a/..//b?x=//"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400", await AskAsync(mesh.AddressOf(), "/%00"), StringComparison.Ordinal);
        var moved = await AskAsync(mesh.AddressOf(), "/a%2Fb");
        Assert.StartsWith("HTTP/1.1 307", moved, StringComparison.Ordinal);
        Assert.Contains("ocation: /a/b\r\n", moved, StringComparison.Ordinal);
    }

    /// <summary>As it stands: a client of HTTP would make the path canonical by itself.</summary>
    private static async Task<string> AskAsync(IPEndPoint address, string target)
    {
        using var caller = new TcpClient();
        await caller.ConnectAsync(address, Cancellation);
        await caller.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), Cancellation);
        using var reader = new StreamReader(caller.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync(Cancellation);
    }
}
