using System.Collections.Immutable;
using Weft.Flow;
using Weft.Xds;

namespace Weft.Admin;

/// <summary>What was served lately, newest first. Equal resources are shared, so the past costs what has changed.</summary>
internal sealed record ServedPast(ImmutableArray<ResourceGroups> Newest)
{
    // A client that is further behind than this is told by number only.
    private const int MostKept = 32;

    public static ServedPast Nothing { get; } = new([]);

    public ServedPast With(ResourceGroups groups) => new([groups, .. Newest.Take(MostKept - 1)]);

    /// <summary>The resources of a type that a group had at this version; null where that is too long ago.</summary>
    public ResourceMap? At(string group, string typeUrl, string version) =>
        Maps(group, typeUrl).FirstOrDefault(m => m.Version == version);

    /// <summary>The resources of a type that a group had before those of now; null where nothing else is known.</summary>
    public ResourceMap? Before(string group, string typeUrl, ResourceMap now) =>
        Maps(group, typeUrl).FirstOrDefault(m => m.Version != now.Version);

    private IEnumerable<ResourceMap> Maps(string group, string typeUrl) =>
        Newest.Select(g => g.For(group)).OfType<ResourceSet>().Select(set => set.Of(typeUrl));
}

/// <summary>Remembers what was served, so that a client that is behind can be told what it lacks.</summary>
internal sealed class ServedHistory(XdsServer server)
{
    public Latest<ServedPast> Past { get; } = new(ServedPast.Nothing);

    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (var groups in server.Groups.WatchAsync(cancellation))
        {
            if (groups.Default is not null)
            {
                Past.Update(past => past.With(groups));
            }
        }
    }
}
