using Weft.Model;

namespace Weft.Tests.Manifests;

public sealed class HttpRouteTests
{
    private const string Good = "parentRefs: [{group: \"\", kind: Service, name: b}]\n";
    private const string ToC = "rules: [{backendRefs: [{name: c}]}]";

    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    public void A_route_has_parents_matches_backends_timeouts_and_headers(string version)
    {
        var route = Decoded.Only<RouteConfig>($$"""
            apiVersion: gateway.networking.k8s.io/{{version}}
            kind: HTTPRoute
            metadata: {name: reviews.split, namespace: shop}
            spec:
              parentRefs:
              - {group: "", kind: Service, name: reviews, port: 80}
              - {group: "", kind: Service, name: ratings, namespace: shop}
              rules:
              - name: slow
                matches:
                - path: {type: Exact, value: /a/b}
                  headers: [{name: x-user, value: ann}, {type: Exact, name: x-env, value: test}]
                - path: {value: /c/}
                filters:
                - type: RequestHeaderModifier
                  requestHeaderModifier:
                    set: [{name: x-a, value: "1"}]
                    add: [{name: x-b, value: two words}]
                    remove: [x-c]
                backendRefs:
                - {name: reviews-v1, port: 80, weight: 90}
                - {kind: Service, group: "", name: reviews-v2, namespace: other, weight: 0}
                timeouts: {request: 1m2s3ms, backendRequest: 500ms}
              - backendRefs: [{name: reviews-v1}]
                timeouts: {request: 0s}
            """);
        Assert.Equal(["shop/reviews:80", "shop/ratings:"], route.Parents.Select(p => $"{p.Name}:{p.Port}"));
        var (first, second) = (route.Rules[0], route.Rules[1]);
        Assert.Equal(
            ["Exact /a/b x-user=ann,x-env=test", "Prefix /c "],
            first.Matches.Select(m =>
                $"{m.Path.Kind} {m.Path.Value} {string.Join(',', m.Headers.Select(h => $"{h.Name}={h.Value}"))}"));
        Assert.Equal(
            ["shop/reviews-v1:80*90", "other/reviews-v2:*0"],
            first.Backends.Select(b => $"{b.Service}:{b.Port}*{b.Weight}"));
        Assert.Equal(new HeaderValue("x-a", "1"), Assert.Single(first.Filters.RequestHeaders.Set));
        Assert.Equal(new HeaderValue("x-b", "two words"), Assert.Single(first.Filters.RequestHeaders.Add));
        Assert.Equal("x-c", Assert.Single(first.Filters.RequestHeaders.Remove));
        Assert.Equal(TimeSpan.FromMilliseconds(62_003), first.Timeout);
        Assert.Equal(TimeSpan.FromMilliseconds(500), first.BackendTimeout);
        Assert.Equal(RouteMatch.Any, Assert.Single(second.Matches));
        Assert.Equal(1, second.Backends[0].Weight);
        Assert.Null(second.Timeout);
        Assert.True(second.Filters.RequestHeaders.IsNone);
        Assert.Equal("a.yaml:6:5", route.Parents[0].Where.ToString());
    }

    [Fact]
    public void A_route_without_rules_takes_every_request_and_has_nowhere_to_send_it()
    {
        var rule = Assert.Single(Assert.IsType<RouteConfig>(Decoded.File(Route(Good)).Documents[0].Config).Rules);
        Assert.Equal(RouteMatch.Any, Assert.Single(rule.Matches));
        Assert.Empty(rule.Backends);
    }

    [Theory]
    [InlineData("HTTPRoute")]
    [InlineData("GRPCRoute")]
    public void Rules_under_a_misspelt_name_are_missing(string kind) => Assert.Equal(
        "5:3 error WEFT1012, 6:3 warning WEFT1013",
        Decoded.Findings(Route(Good + "ruless: []").Replace("HTTPRoute", kind, StringComparison.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData("rules: []")]
    public void A_GRPCRoute_without_rules_fits_no_call(string rules)
    {
        var text = Route(Good + rules).Replace("HTTPRoute", "GRPCRoute", StringComparison.Ordinal);
        Assert.Equal("5:3 warning WEFT1207", Decoded.Findings(text));
        Assert.Empty(Assert.IsType<RouteConfig>(Decoded.File(text).Documents[0].Config).Rules);
    }

    [Fact]
    public void A_parent_that_is_neither_gateway_nor_service_is_passed_over()
    {
        var text = Route("parentRefs: [{kind: Edge, name: gate}, {group: \"\", kind: Service, name: b}]\n" + ToC);
        Assert.Equal("5:16 info WEFT1202", Decoded.Findings(text));
        var route = Assert.IsType<RouteConfig>(Decoded.File(text).Documents[0].Config);
        Assert.Equal("b", Assert.Single(route.Parents).Name.Name);
    }

    [Theory]
    [InlineData("rules: []\n", "5:3 error WEFT1012, 5:3 warning WEFT1205")]
    [InlineData(Good, "")]
    [InlineData(Good + "rules: []", "5:3 error WEFT1012")]
    [InlineData(Good + "rules: [{backendRefs: [{port: 80}]}]", "6:26 error WEFT1012")]
    [InlineData(Good + "rules: [{backendRefs: [{name: c}]}]\nhostnames: [x]", "7:14 warning WEFT1204")]
    [InlineData("parentRefs: [{group: \"\", kind: Service, name: b, sectionName: o}]\n" + ToC, "")]
    [InlineData("parentRefs: [{group: \"\", kind: Service, name: B_}]\n" + ToC, "5:49 error WEFT1101")]
    public void A_mistake_is_found_where_it_stands(string spec, string expected) =>
        Assert.Equal(expected, Decoded.Findings(Route(spec)));

    [Theory]
    [InlineData("matches: [{method: GET}]", "")]
    [InlineData("matches: [{method: get}]", "7:24 error WEFT1109")]
    [InlineData("matches: [{queryParams: [{name: a, value: b}, {name: A, value: b}]}]", "")]
    [InlineData("matches: [{path: {type: RegularExpression, value: \"[\"}}]", "7:55 error WEFT1112")]
    [InlineData("matches: [{path: {type: RegularExpression, value: \"(?=a)b\"}}]", "7:55 error WEFT1112")]
    [InlineData("matches: [{path: {type: RegularExpression, value: \"[[:alpha:]]\"}}]", "7:55 error WEFT1112")]
    [InlineData("matches: [{headers: [{type: RegularExpression, name: a, value: \"b+\"}]}]", "")]
    [InlineData("filters: [{type: URLRewrite, urlRewrite: {hostname: a.b, path: {type: ReplaceFullPath, replaceFullPath: /x}}}]", "")]
    [InlineData("filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath}}}]", "7:53 error WEFT1012")]
    [InlineData("filters: [{type: URLRewrite, urlRewrite: {hostname: A_b}}]", "7:57 error WEFT1101")]
    [InlineData("filters: [{type: RequestRedirect, requestRedirect: {statusCode: 300}}]", "7:5 error WEFT1114, 7:69 error WEFT1109")]
    [InlineData("filters: [{type: RequestMirror, requestMirror: {backendRef: {name: c}, percent: 101}}]", "7:52 error WEFT1115")]
    [InlineData("filters: [{type: RequestMirror, requestMirror: {backendRef: {name: c}, fraction: {numerator: 1, denominator: 3}}}]", "")]
    [InlineData("filters: [{type: RequestMirror, requestMirror: {}}]", "7:52 error WEFT1012")]
    [InlineData("filters: [{type: CORS, cors: {allowOrigins: [https://*.example.com, \"*\"], maxAge: 0}}]", "7:87 error WEFT1115")]
    [InlineData("filters: [{type: CORS, cors: {allowOrigins: [example.com/a]}}]", "7:50 error WEFT1116")]
    [InlineData("filters: [{type: ExtensionRef, extensionRef: {group: example.org, kind: Gate, name: a}}]", "")]
    [InlineData("filters: [{type: ExtensionRef}]", "7:15 error WEFT1012")]
    [InlineData("filters: [{type: ExternalAuth, externalAuth: {}}]", "")]
    [InlineData("filters: [{type: RequestMiror}]", "7:22 error WEFT1109")]
    [InlineData("retry: {attempts: 2, codes: [500, 503], backoff: 100ms}", "")]
    [InlineData("retry: {attempts: -1, codes: [200]}", "7:23 error WEFT1115, 7:35 error WEFT1115")]
    [InlineData("sessionPersistence: {sessionName: s}", "")]
    [InlineData("sessionPersistence: {sessionName: a b}", "7:39 error WEFT1105")]
    [InlineData("sessionPersistence: {absoluteTimeout: 1h, cookieConfig: {lifetimeType: Permanent}}", "")]
    [InlineData("sessionPersistence: {absoluteTimeout: 1h}", "7:43 warning WEFT1206")]
    [InlineData("sessionPersistence: {type: Header, absoluteTimeout: 1h}", "7:57 warning WEFT1206")]
    [InlineData("sessionPersistence: {idleTimeout: 1h}", "7:39 warning WEFT1206")]
    [InlineData("sessionPersistence: {idleTimeout: soon}", "7:39 error WEFT1107, 7:39 warning WEFT1206")]
    [InlineData("sessionPersistence: {cookieConfig: {lifetimeType: Permanent}}", "7:25 error WEFT1012")]
    [InlineData("sessionPersistence: {type: Header, cookieConfig: {}}", "7:54 error WEFT1114")]
    [InlineData("sessionPersistence: {type: Body}", "7:32 error WEFT1109")]
    [InlineData("matches: [{path: {type: Regex}}]", "7:29 error WEFT1109")]
    [InlineData("matches: [{path: {value: a}}]", "7:30 error WEFT1106")]
    [InlineData("matches: [{path: {value: /a//b}}]", "7:30 error WEFT1106")]
    [InlineData("matches: [{path: {value: /a/..}}]", "7:30 error WEFT1106")]
    [InlineData("matches: [{path: {value: \"/a?b\"}}]", "7:30 error WEFT1106")]
    [InlineData("matches: [{path: {value: /a%2Fb}}]", "7:30 error WEFT1106")]
    [InlineData("matches: [{path: {value: /a%20b/~c}}]", "")]
    [InlineData("matches: [{headers: [{name: \"a b\", value: c}]}]", "7:33 error WEFT1105")]
    [InlineData("matches: [{headers: [{name: a, value: \"c\\nd\"}]}]", "7:43 error WEFT1105")]
    [InlineData("matches: [{headers: [{name: a}]}]", "7:26 error WEFT1012")]
    [InlineData("matches: [{headers: [{name: a, value: b}, {name: A, value: c}]}]", "7:54 error WEFT1110")]
    [InlineData("matches: [{header: []}]", "7:16 warning WEFT1013")]
    [InlineData("timeouts: {request: 1.5s}", "7:25 error WEFT1107")]
    [InlineData("timeouts: {request: 10}", "7:25 error WEFT1011")]
    [InlineData("timeouts: {request: 1s, backendRequest: 2s}", "7:45 error WEFT1107")]
    [InlineData("timeouts: {request: 0s, backendRequest: 2s}", "")]
    [InlineData("filters: [{}]", "7:15 error WEFT1012")]
    [InlineData("filters: [{type: RequestHeaderModifier}]", "7:15 error WEFT1012")]
    [InlineData(
        "filters: [{type: RequestHeaderModifier, requestHeaderModifier: {}, cors: {a: b}}]", "7:78 error WEFT1114")]
    [InlineData(
        "filters: [{type: RequestHeaderModifier, requestHeaderModifier: {remove: [\"a:\"]}}]", "7:78 error WEFT1105")]
    public void A_mistake_in_a_rule_is_found_where_it_stands(string line, string expected) =>
        Assert.Equal(expected, Decoded.Findings(Route($"{Good}rules:\n- {line}\n  backendRefs: [{{name: c}}]")));

    [Theory]
    [InlineData("weight: 1000001", "6:44 error WEFT1108")]
    [InlineData("weight: -1", "6:44 error WEFT1108")]
    [InlineData("weight: 1000000", "")]
    [InlineData("kind: ServiceImport", "")]
    [InlineData("filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {remove: [a]}}]", "")]
    [InlineData("filters: [{type: URLRewrite, urlRewrite: {hostname: a}}]", "")]
    [InlineData("port: 0", "6:42 error WEFT1102")]
    [InlineData("filters: [{type: a}]", "")]
    [InlineData("filters: []", "")]
    public void A_mistake_in_a_backend_is_found_where_it_stands(string field, string expected) =>
        Assert.Equal(expected, Decoded.Findings(Route($"{Good}rules: [{{backendRefs: [{{name: c, {field}}}]}}]")));

    [Fact]
    public void The_same_filter_twice_in_a_rule_is_a_mistake()
    {
        const string Filter = "{type: RequestHeaderModifier, requestHeaderModifier: {remove: [a]}}";
        var text = Route($"{Good}rules: [{{filters: [{Filter}, {Filter}], backendRefs: [{{name: c}}]}}]");
        Assert.Equal("6:98 error WEFT1110", Decoded.Findings(text));
    }

    [Fact]
    public void What_is_not_supported_is_named() =>
        Assert.Equal(
            "spec.useDefaultGateways is not supported yet. (remove it)",
            Decoded.Message(Route($"{Good}useDefaultGateways: All\nrules: [{{backendRefs: [{{name: c}}]}}]")));

    [Theory]
    [InlineData("type: Cookie", true, "weft-default-a-0", null)]
    [InlineData("sessionName: s, absoluteTimeout: 1h, cookieConfig: {lifetimeType: Permanent}", true, "s", 60)]
    [InlineData("type: Header, sessionName: x-s", false, "x-s", null)]
    public void A_session_is_kept_by_cookie_or_header(string session, bool isCookie, string name, int? minutes)
    {
        var rule = Decoded.Only<RouteConfig>(Route($"{Good}rules: [{{sessionPersistence: {{{session}}}, backendRefs: [{{name: c}}]}}]")).Rules[0];
        Assert.Equal(new SessionAffinity(isCookie, name, minutes is { } m ? TimeSpan.FromMinutes(m) : null, "/"), rule.Affinity);
    }

    [Fact]
    public void A_session_does_not_hold_across_backends() => Assert.Equal(
        "6:32 warning WEFT1206",
        Decoded.Findings(Route($"{Good}rules: [{{sessionPersistence: {{}}, backendRefs: [{{name: c}}, {{name: d}}]}}]")));

    private static string Route(string spec) => Decoded.Document("gateway.networking.k8s.io/v1", "HTTPRoute", spec);
}
