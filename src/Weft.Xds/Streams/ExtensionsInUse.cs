namespace Weft.Xds.Streams;

/// <summary>
/// Configurations of filters that are no longer there and that a client keeps, since listeners name them that it has, or
/// has had. It drops a configuration the moment that it is told (envoyproxy/envoy#32823), and the listener with it, or its
/// traffic; and of a listener that has changed or gone, the connections that are still open go on with what it was. Once
/// none is left, Envoy no longer asks for the configuration. Plain mutable state with a single owner, the stream's machine.
/// </summary>
internal sealed class ExtensionsInUse
{
    private HashSet<string>? _used;

    /// <summary>Listeners are about to be sent in other versions, or taken away.</summary>
    public void Leave(TypeState listeners, ResourceMap map)
    {
        foreach (var listener in listeners.AllLacking(map))
        {
            Leave(listeners, listener.Name);
        }

        if (listeners.HasGone(map))
        {
            listeners.Gone(map).ToList().ForEach(name => Leave(listeners, name));
        }
    }

    /// <summary>What the client has, is no longer there, and no listener names that it has or has had.</summary>
    public List<string> Unused(TypeState extensions, ResourceMap map, TypeState? listeners)
    {
        _used?.RemoveWhere(name => !extensions.WasSent(name));
        var named = listeners?.SentResources.SelectMany(l => l.ExtensionConfigs).ToHashSet(StringComparer.Ordinal) ?? [];
        return [.. extensions.Gone(map).Where(name => !named.Contains(name) && _used?.Contains(name) != true)];
    }

    private void Leave(TypeState listeners, string name)
    {
        if (listeners.TryGetSent(name, out var had) && had.Resource is { ExtensionConfigs: { IsEmpty: false } configs })
        {
            (_used ??= new(StringComparer.Ordinal)).UnionWith(configs);
        }
    }
}
