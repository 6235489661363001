namespace Weft.Tests.Xds.Conformance;

/// <summary>Statements on streams and answers.</summary>
internal static class StreamStatements
{
    public static StatementSection Streams { get; } = new("Streams, nodes, nonces, versions",
    [
        new("B1", "The node of a stream's first request holds for the whole stream; later ones may leave it out or repeat it.",
            "XP, Basic Protocol Overview"),
        new("B2", "A response has a nonce that no other response of its stream has; nonces of earlier streams mean nothing.",
            "XP, Basic Protocol Overview; DP, `nonce`"),
        new("B3", "A version that a client brings from an earlier stream accepts nothing of this one.", "XP, ACK/NACK"),
        new("S4", "A client that comes back with names and the newest version is sent those resources all the same.",
            "XP, ACK/NACK")
        {
            Choice = "A wildcard is answered in full, too: the server cannot know that the client has lost nothing.",
        },
        new("B5", "An aggregated request without a type ends the stream with INVALID_ARGUMENT. On the service of one type "
            + "the type may be left out, and another one is the same error.", "DP, `type_url`"),
        new("B6", "All resources in a response are of the response's type.", "DP, `type_url`"),
        new("B7", "No name stands twice in a response, nor both among what is there and what is gone.",
            "XP, Duplicate Resource Names"),
        new("B8", "An answer to one type changes nothing for another.", "DP, `DeltaDiscoveryRequest`"),
        new("B9", "A type that the server has nothing of disturbs no other type.", "follows from B8")
        {
            Choice = "Any type is served if something of it is published. Of other types a state-of-the-world client hears "
                + "nothing, and a delta client that its names do not exist: Envoy asks for types that few servers have.",
        },
        new("B10", "Of two requests for a type the later one counts.", "XP, When to send an update")
        {
            Choice = "Each is answered as it comes in, if there is something to say; the earlier ones leave nothing behind.",
        },
        new("B11", "Without a change nothing is sent; an ACK is not answered.", "XP, When to send an update"),
        new("B12", "Once a type has been asked for, changes may be pushed at any time.", "XP, Basic Protocol Overview")
        {
            Choice = "A push waits for no ACK of the former one of its type. While a client does not read, newer states "
                + "replace each other, and it is sent the newest.",
        },
        new("B13", "A server may send what was not asked for, and a client passes over it.",
            "XP, How the client specifies what resources to return")
        {
            Choice = "Only what is asked for is sent: a client of few names pays for few.",
        },
        new("B14", "A response says which control plane it comes from.", "DP, `control_plane`"),
        new("B15", "A client may close its half or vanish; what the server kept for it is let go.", "gRPC")
        {
            Choice = "A client that has gone stays listed, as disconnected, for ten minutes.",
        },
    ]);

    public static StatementSection Answers { get; } = new("ACK and NACK",
    [
        new("B16", "A NACK is an answer with `error_detail`, whatever its version.", "XP, NACK"),
        new("B17", "What a client has rejected is not sent to it again before it changes.", "XP, When to send an update")
        {
            Choice = "A NACK rejects a response; which resource of it was at fault is found out. One that the client's "
                + "words name is kept back, and the others are sent again. Where they name none or several, parts of the "
                + "response are tried until the one at fault is alone: so a good one may be sent again before it changes, "
                + "a bad one until it is found. From then on the client is left at the version that it accepted last, also "
                + "in a whole response (clusters, listeners in state of the world); one that never accepted any is given "
                + "what another client of its group accepted last.",
        },
        new("B18", "After a NACK the next version is sent as any other, and may be accepted.", "XP, NACK"),
        new("S19", "A NACK may change the list of names, and the change counts.", "XP, Resource updates"),
        new("S20", "The version in a NACK is the last good one, and may be the very version that is rejected.", "XP, NACK"),
        new("D21", "A NACK may subscribe and unsubscribe, and that counts.", "DP, `DeltaDiscoveryRequest`")
        {
            Choice = "A NACK makes the whole response doubtful, since the client may have taken a part of it: each resource "
                + "stays rejected in the status until it is sent anew and accepted, and is sent anew when it changes.",
        },
        new("B21a", "The code in `error_detail` means nothing; clients differ in it.", "Envoy and gRPC clients"),
    ]);
}
