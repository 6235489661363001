namespace Weft.Tests.Xds.Conformance;

/// <summary>Statements on the order of things, their lifetime, errors, and other ways to ask.</summary>
internal static class DeliveryStatements
{
    public static StatementSection Warming { get; } = new("Warming and order",
    [
        new("B55", "A new or changed cluster is followed by its assignment, be that unchanged.", "XP, Resource Warming"),
        new("B56", "A changed listener brings only routes that the client does not have.", "XP, Resource Warming"),
        new("B57", "A cluster whose assignment does not exist is given an empty one, so that it does not wait to be warm.",
            "java-control-plane#287")
        {
            Choice = "A delta client is told instead that there is none (D44), which Envoy takes for an answer. What was "
                + "deleted is replaced by the empty one, too.",
        },
        new("B58", "The new is made before the old is broken: clusters, assignments, listeners, routes, then removals.",
            "XP, Eventual consistency considerations")
        {
            Choice = "Removals wait until the client has accepted the listeners and routes that no longer need the old; "
                + "listeners and routes wait for new clusters two seconds at the most. On the service of one type nothing "
                + "waits.",
        },
        new("B59", "Of one change, clusters come before assignments, these before listeners, and these before routes.",
            "XP, Eventual consistency considerations"),
        new("B60", "A secret may be asked for before it exists, and is sent once it does.", "XP, Resource Warming"),
        new("B61", "A route is not sent before the cluster that it leads to.", "XP, Eventual consistency considerations"),
        new("B62", "A filter's configuration is removed after the listener that named it.", "envoyproxy/envoy#32823")
        {
            Choice = "What a listener names that the client has, or has had on this stream, is not taken away at all: when the "
                + "listener changes or goes, connections that are open go on with what it was, and Envoy would answer 500 on them "
                + "without the configuration. It gives the configuration up itself once the last is closed. What no listener named "
                + "goes after the listeners (B58). State of the world cannot delete it.",
        },
    ]);

    public static StatementSection Lifetime { get; } = new("Time to live",
    [
        new("B63", "A time to live is sent only to clients that say they know it.", "XP, TTL")
        {
            Choice = "In state of the world a client must say both that it knows it and that it unwraps; for the second, "
                + "XP's `xds.config.supports-resource-in-sotw` counts and the `xds.config.resource-in-sotw` that clients say. "
                + "Only what has a time to live is wrapped. A poll is not told of it.",
        },
        new("B64", "A heartbeat repeats name, version and time to live without the body.", "XP, TTL")
        {
            Choice = "It comes each third of the time; what is due within half of such a third goes along. State of the world "
                + "tells clusters, listeners and scoped routes again as a whole, with their bodies: Envoy lets heartbeats aside "
                + "first, and deletes what is then not there. Elsewhere Envoy knows a heartbeat by the version that it accepted "
                + "last; where that is not known, since an answer is outstanding, the body comes, too. So it does for virtual "
                + "hosts, which without a body are unknown ones.",
        },
        new("B65", "A time to live is taken away by sending the resource without one.", "XP, TTL")
        {
            Choice = "The time to live is part of what the version stands for: a client that knows of none is sent the same "
                + "bytes again.",
        },
    ]);

    public static StatementSection Rest { get; } = new("Errors, names, other services",
    [
        new("B66", "What cannot be had is told by `resource_errors`, once.", "TP3")
        {
            Choice = "Where `TellsResourceErrors` is set. A client cannot say that it reads the field (gRFC A88): Envoy and "
                + "Weft's own proxy, which do not, are served without. A name that never existed is then not among delta's removed "
                + "ones. What is deleted is told in the words that every client knows, and by an error where state of the world "
                + "has none; that waits as removals do. A poll is told of no errors.",
        },
        new("B67", "The codes of such errors tell what is wrong with the data from what may pass.", "TP3")
        {
            Choice = "The publisher says the code (`ResourceSet.WithErrors`); what has none and does not exist is NOT_FOUND. An "
                + "error is told while there is no resource of the name: the two \"must not intersect\".",
        },
        new("B68", "Names may be `xdstp://` URLs; their context parameters match in any order.", "TP1")
        {
            Choice = "Published names and names in requests are put in one spelling: parameters in order, percent-encoding as "
                + "Envoy's, whose delta subscriptions compare text; delta answers with that. Bytes of resources keep the name that "
                + "they have. What is no such name, has a parameter twice or more than 64 is compared as text. Directives are for "
                + "clients and count for nothing. A glob collection (`…/*`) is a name that does not exist, which is what TP1 has "
                + "a server say of an empty one: no client asks for one unless its bootstrap says so, and whoever wants a subset "
                + "has groups. A list collection is a resource like others.",
        },
        new("B69", "Resources may be asked for by HTTP and JSON.", "XP, REST-JSON polling subscriptions")
        {
            Choice = "A poll is answered at once: by what is asked for, or by 304 where the client has that version. Nothing "
                + "is remembered of it. A NACK by `error_detail` with the nonce is heeded; Envoy sends neither, and is given what "
                + "it rejected at each poll. What cannot be written as JSON, since its type is not known here, is 501 for the "
                + "whole answer: to leave it out would delete it.",
        },
        new("B70", "`ClientStatusDiscoveryService` tells which client has what.", "`csds.proto`"),
        new("B71", "`LoadReportingService` takes in the loads that clients report.", "`lrs.proto`"),
        new("B72", "Bytes of resources pass unchanged, also fields that the server does not know.", "protobuf")
        {
            Choice = "The engine checks no rules of Envoy's API; `Weft.Translation` does, before it publishes.",
        },
    ]);
}
