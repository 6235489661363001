using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads the <c>sessionPersistence</c> of a rule (GEP-1619, experimental).</summary>
internal static class SessionDecoder
{
    /// <param name="standardName">Where it says none: each rule has its own, so that two do not overwrite each other's.</param>
    /// <param name="backends">How many backends share the rule.</param>
    public static SessionAffinity? OfRule(FieldReader rule, string standardName, int backends)
    {
        if (rule.Map("sessionPersistence") is not { } session)
        {
            return null;
        }

        var isCookie = session.OneOf("type", "Cookie", "Cookie", "Header") == "Cookie";
        var name = session.Text("sessionName");
        if (name is not null && !Syntax.IsHeaderName(name.Text))
        {
            session.Findings.Error(
                "WEFT1105", name.Where, $"{Excerpt.Of(name.Text)} is no name of a cookie or header.", "use letters, digits and dashes");
        }

        session.Duration("idleTimeout");
        session.NoEffect(
            "idleTimeout", "no proxy keeps the time of a session's last request",
            "use absoluteTimeout with cookieConfig.lifetimeType: Permanent");

        if (backends > 1)
        {
            // Envoy chooses the weighted cluster before it looks at the session.
            rule.Findings.Warning(
                "WEFT1206", session.Where,
                $"{rule.PathOf("sessionPersistence")} has no effect on the choice of a backend: the weights choose for each"
                + " request, and the session holds within the backend that they chose.",
                "send the requests of the rule to one backend");
        }

        var lifetime = Lifetime(session, isCookie);
        session.Close();
        return new(isCookie, name?.Text ?? standardName, lifetime, "/");
    }

    private static TimeSpan? Lifetime(FieldReader session, bool isCookie)
    {
        var absolute = session.Duration("absoluteTimeout");
        var config = session.Map("cookieConfig");
        var isPermanent = config?.OneOf("lifetimeType", "Session", "Session", "Permanent") == "Permanent";
        config?.Close();
        if (config is not null && !isCookie)
        {
            session.Findings.Error(
                "WEFT1114", config.Where, $"{session.PathOf("cookieConfig")} goes with type: Cookie only.", "correct the type, or remove it");
        }

        if (isCookie && isPermanent)
        {
            if (session.Find("absoluteTimeout") is null)
            {
                // "AbsoluteTimeout must be specified when cookie lifetimeType is Permanent".
                session.Missing("absoluteTimeout", "a cookie with lifetimeType: Permanent needs an end");
            }

            return absolute;
        }

        session.NoEffect(
            "absoluteTimeout", isCookie ? "a cookie that lives until the browser closes has no end of its own" : "a header has no end",
            "use type: Cookie with cookieConfig.lifetimeType: Permanent");
        return null;
    }
}
