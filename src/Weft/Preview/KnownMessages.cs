using Google.Protobuf;
using Weft.Flow;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>
/// The messages of resources, each version read once: equal resources have the same message. For one thread.
/// </summary>
internal sealed class KnownMessages
{
    private readonly Dictionary<ContentHash, IMessage?> _known = [];

    /// <summary>Null where its type is not known here, or it is none. Nobody may change it.</summary>
    public IMessage? Of(XdsResource resource)
    {
        if (!_known.TryGetValue(resource.Hash, out var message))
        {
            _known[resource.Hash] = message = EnvoyMessages.Of(resource.TypeUrl, resource.Body);
        }

        return message;
    }
}
