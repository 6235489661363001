namespace Weft.Tests.Xds.Conformance;

/// <summary>Statements on what clients want.</summary>
internal static class SubscriptionStatements
{
    public static StatementSection Sotw { get; } = new("Subscriptions, state of the world",
    [
        new("S22", "A resource that is named anew is sent, be it unchanged or sent before.",
            "XP, How the client specifies what resources to return"),
        new("S23", "A name that is left out needs no answer; when it comes back its resource is sent again.",
            "XP, Unsubscribing From Resources"),
        new("S24", "After any name, and for types without the wildcard rule, an empty list asks for nothing more.",
            "XP, How the client specifies what resources to return"),
        new("S25", "An empty list of listeners or clusters is a wildcard as long as the stream has named none.",
            "XP, How the client specifies what resources to return"),
        new("S26", "The wildcard rule of the empty list is one of listeners and clusters.",
            "XP, How the client specifies what resources to return")
        {
            Choice = "Scoped routes have it, too, since Envoy asks for them so. An explicit `*` is understood for every type "
                + "but virtual hosts (D51).",
        },
        new("S27", "A response of listeners or clusters holds all that the client is to have; what is missing is deleted.",
            "XP, Grouping Resources Into Responses; Deleting Resources"),
        new("S28", "A response of another type may hold only what has changed, and deletes nothing.",
            "XP, Grouping Resources Into Responses; Deleting Resources")
        {
            Choice = "Only what has changed is sent.",
        },
        new("S29", "Names that do not exist hold up none that do, and are served once they exist.",
            "XP, Knowing When a Requested Resource Does Not Exist"),
        new("S30", "A listener or cluster that was sent and is deleted is missing from a next response, be that empty.",
            "XP, Deleting Resources")
        {
            Choice = "Names that never existed are not answered: the absence would prove nothing to the client.",
        },
        new("S31", "Names may come one by one on one stream, or on a stream each.",
            "XP, Requesting Multiple Resources on a Single Stream"),
        new("S32", "A request with a nonce that is not the last one is neither answered nor an ACK.", "XP, Resource updates"),
        new("S33", "Names that came with such a request are served with the client's next one.", "XP, Resource updates"),
        new("S34", "A second request with the same nonce and more names is answered with those.", "XP, Resource updates"),
        new("S35", "A request that asks for what the client has is not answered.", "XP, When to send an update"),
    ]);

    public static StatementSection Delta { get; } = new("Subscriptions, delta",
    [
        new("D36", "Empty lists change nothing.", "DP, `resource_names_subscribe`"),
        new("D37", "A first request with both lists empty is a wildcard; `*` takes it back, and what then is left is names.",
            "XP, Incremental xDS")
        {
            Choice = "As in state of the world: of listeners, clusters and scoped routes. A first request that only "
                + "unsubscribes is no wildcard.",
        },
        new("D38", "`*` may be subscribed at any time, beside names, and unsubscribed without them.",
            "XP, How the client specifies what resources to return"),
        new("D39", "A subscription to what is already subscribed is answered with the resource.", "XP, Subscribing to Resources")
        {
            Choice = "Where there is none, with its name among the removed ones again.",
        },
        new("D40", "What the first request both subscribes and has in its newest version may be left out.", "XP, Incremental xDS")
        {
            Choice = "It is left out, except assignments and secrets (D49).",
        },
        new("D41", "What is unsubscribed is sent no more.", "XP, Unsubscribing From Resources")
        {
            Choice = "An unsubscription is not answered, except under a wildcard (D43).",
        },
        new("D42", "To unsubscribe what is not subscribed does nothing.", "XP, Unsubscribing From Resources"),
        new("D43", "A name unsubscribed under a wildcard is answered: with the resource, or as removed.",
            "XP, Unsubscribing From Resources"),
        new("D44", "A subscribed name that does not exist is reported as removed, at once; when it comes to be it is sent.",
            "XP, Knowing When a Requested Resource Does Not Exist"),
        new("D45", "A deletion is reported once.", "DP, `removed_resources`")
        {
            Choice = "Only to clients that had the resource or had asked for it by name.",
        },
        new("D46", "Subscriptions count whatever nonce they come with.", "XP, Incremental xDS"),
        new("D47", "Without a nonce a request answers nothing; with one it may subscribe, too.", "DP, `response_nonce`"),
        new("D48", "Of what a first request says it has, the unchanged is left out, the changed sent, the deleted removed.",
            "DP, `initial_resource_versions`")
        {
            Choice = "What was kept but is not asked for is passed over. But where a name that is asked for does not exist, all "
                + "that is gone is told: the name may have been its alias. Of virtual hosts all is removed that no host needs.",
        },
        new("D49", "Assignments are sent on a new stream whatever version the client has kept.",
            "envoyproxy/envoy#22418, #33607, #47302")
        {
            Choice = "Secrets and virtual hosts, too. Envoy can report an assignment whose cluster has since lost its hosts.",
        },
        new("D50", "A resource may be asked for by an alias, and answers under its own name.", "XP, Resource names")
        {
            Choice = "By delta only: state of the world has no field for aliases. The answer lists the aliases that this client "
                + "asked by: all that it answers, and a hundred of the earlier ones at the most. A name goes before an alias; of "
                + "two resources with one alias the first by name is meant. An alias that is unsubscribed ends the subscription "
                + "unless another one, or the name, was asked by; the name ends it where it was asked by aliases alone. A deletion "
                + "is told by the name. An alias of nothing is reported as removed (D44). Aliases count for the version.",
        },
        new("D51", "Virtual hosts are asked for by host, and an unknown host is answered without a body.", "Envoy, VHDS")
        {
            Choice = "Published are virtual hosts named `route configuration/virtual host`; their domains decide, in Envoy's own "
                + "order, which one answers a host, and the name only where none does. The first collection that Envoy asks for, "
                + "by a first request without hosts or by `*`, is empty: virtual hosts go only to those who name their hosts. "
                + "It is answered by the removal of `route configuration/*`, a name that nothing has, of each route configuration "
                + "with `vhds` that the client has (on the service of this type alone, of each that is published): Envoy's "
                + "listener waits for an answer, and takes that for one. The same follows each change of the route configuration, "
                + "with all virtual hosts of it that the client asked for. What no longer answers any of a client's hosts is removed at once.",
        },
        new("D52", "A resource's version is opaque, and changes exactly when its bytes change.", "DP, `Resource.version`")
        {
            Choice = "It is the hash of type, name, bytes and aliases: the same on every stream and every replica.",
        },
        new("D53", "What is large may come in several responses, all under way at once.", "XP, Grouping Resources Into Responses")
        {
            Choice = "Responses that can be split hold 3 MiB at the most, for gRPC clients refuse more than 4 MiB. Those "
                + "of clusters and listeners in state of the world cannot be split.",
        },
        new("D54", "`removed_resource_names` is for resources with dynamic parameters, and is not used otherwise.", "TP2")
        {
            Choice = "There are no resources with dynamic parameters, so it is never used: Envoy hides the fields of that "
                + "proposal as not implemented, and gRPC's clients speak no delta. Whoever wants several variants of a resource "
                + "publishes them to groups of nodes. A request's `resource_locators` are passed over.",
        },
    ]);
}
