namespace Weft.Xds.Streams;

/// <summary>Where the two protocols differ once a request has been understood: what there is to say, and how.</summary>
internal interface IDialect
{
    /// <summary>Takes in a request of the client.</summary>
    public void Take(StreamInput request);

    /// <summary>Compares what the client has with what it is to have: sets <c>HasNews</c> and <c>HasStale</c>.</summary>
    public void Look(TypeState type, ResourceMap map);

    /// <summary>Says all that is new and takes nothing away that may still be needed.</summary>
    public void SendNews(TypeState type, ResourceMap map, Outbox outbox);

    /// <summary>Tells again what the client has that has a time to live.</summary>
    /// <param name="resources">What is due.</param>
    /// <param name="accepted">The version of the last response of the type that the client accepted, if it is known.</param>
    public void SendHeartbeats(TypeState type, ResourceMap map, List<XdsResource> resources, string? accepted, Outbox outbox);

    /// <summary>Takes away what is no longer there.</summary>
    public void SendRemovals(TypeState type, ResourceMap map, Outbox outbox);
}
