using System.Collections;
using System.Collections.Immutable;

namespace Weft.Xds.Streams;

/// <summary>
/// What a client has of one type, by name. Thousands of clients have the same: each holds the map that they share, and
/// of its own only where it differs. Plain mutable state with a single owner.
/// </summary>
internal sealed class Holdings : IReadOnlyCollection<KeyValuePair<string, Delivered>>
{
    private ResourceMap? _shared;

    // Of the shared map, those that it has; null: all of them. Nobody changes it.
    private HashSet<string>? _names;
    private (long Nonce, uint Second) _sharedSince;

    // Where it went in several responses, the names that those after the first began with.
    private string[] _starts = [];

    // A table of so few entries is kept for those to come, rather than made again every few changes.
    private const int Few = 17;

    // Instead of what is shared; or besides it.
    private Dictionary<string, Delivered>? _own;

    /// <summary>How many names.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them are not simply shared.</summary>
    public int Own => _own?.Count ?? 0;

    /// <summary>The map that it has whole, with its own besides; null where there is none.</summary>
    public ResourceMap? Whole => SharedBy(null);

    /// <summary>The map of which it has these names, with its own besides; null where it has others of it.</summary>
    /// <param name="names">As they were shared, the very object; null for all.</param>
    public ResourceMap? SharedBy(HashSet<string>? names) => ReferenceEquals(_names, names) ? _shared : null;

    /// <summary>When the last of it was delivered.</summary>
    public uint LastSecond => (_own?.Values ?? Enumerable.Empty<Delivered>())
        .Aggregate(_sharedSince.Second, static (last, own) => Math.Max(last, own.Second));

    public bool HasOwn(string name) => _own?.ContainsKey(name) == true;

    public IEnumerable<string> Names => this.Select(pair => pair.Key);

    public bool Contains(string name) => TryGet(name, out _);

    public bool TryGet(string name, out Delivered delivered) => _own is not null && _own.TryGetValue(name, out delivered)
        ? delivered.Is
        : TryGetShared(name, out delivered);

    public void Set(string name, Delivered delivered)
    {
        Count += Contains(name) ? 0 : 1;
        (_own ??= new(StringComparer.Ordinal))[name] = delivered;
    }

    public bool Remove(string name, out Delivered delivered)
    {
        if (!TryGet(name, out delivered))
        {
            return false;
        }

        Count--;
        if (TryGetShared(name, out _))
        {
            (_own ??= new(StringComparer.Ordinal))[name] = Delivered.Nothing;
        }
        else
        {
            _own!.Remove(name);
        }

        return true;
    }

    /// <summary>It has exactly this, and all of it went with responses that followed each other.</summary>
    /// <param name="names">Which of the map; null for all.</param>
    /// <param name="parts">These, in order.</param>
    /// <param name="nonce">The first response.</param>
    public void Share(
        ResourceMap map, HashSet<string>? names, ReadOnlySpan<ImmutableArray<XdsResource>> parts, long nonce, uint second)
    {
        var count = 0;
        foreach (var part in parts)
        {
            count += part.Length;
        }

        Share(map, names, count, nonce, second);
        if (parts.Length > 1)
        {
            _starts = new string[parts.Length - 1];
            for (var i = 1; i < parts.Length; i++)
            {
                _starts[i - 1] = parts[i][0].Name;
            }
        }
    }

    /// <summary>It has exactly this, and which response it went with does not matter any more.</summary>
    /// <param name="count">How many it is.</param>
    /// <param name="nonce">None of it went later.</param>
    public void Share(ResourceMap map, HashSet<string>? names, int count, long nonce, uint second)
    {
        (_shared, _names, _sharedSince, _starts, Count) = (map, names, (nonce, second), [], count);
        _own = _own?.EnsureCapacity(0) <= Few ? _own : null;
        _own?.Clear();
    }

    /// <summary>The names that it has otherwise than the shared map.</summary>
    public IReadOnlyCollection<string> OwnNames => _own?.Keys ?? (IReadOnlyCollection<string>)[];

    public IEnumerator<KeyValuePair<string, Delivered>> GetEnumerator()
    {
        foreach (var (name, delivered) in _own ?? [])
        {
            if (delivered.Is)
            {
                yield return new(name, delivered);
            }
        }

        foreach (var resource in _shared is null ? [] : _names is null ? _shared.All : _shared.Of(_names).Resources)
        {
            if (_own?.ContainsKey(resource.Name) != true)
            {
                yield return new(resource.Name, Shared(resource));
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool TryGetShared(string name, out Delivered delivered)
    {
        delivered = default;
        if (_shared is null || _names?.Contains(name) == false || !_shared.TryGet(name, out var resource))
        {
            return false;
        }

        delivered = Shared(resource);
        return true;
    }

    private Delivered Shared(XdsResource resource)
    {
        var nonce = _sharedSince.Nonce;
        foreach (var start in _starts)
        {
            nonce += string.CompareOrdinal(start, resource.Name) <= 0 ? 1 : 0;
        }

        return new(resource, nonce, _sharedSince.Second);
    }
}

/// <summary>That a client has something of a name.</summary>
/// <param name="Resource">What; null where only the name is known.</param>
/// <param name="Nonce">The response it went with; 0 where it is of an earlier stream.</param>
/// <param name="Second">When that was, from the stream's opening; later where it has been left to the shared map since.</param>
internal readonly record struct Delivered(XdsResource? Resource, long Nonce, uint Second)
{
    /// <summary>In place of what is shared: that the client does not have it.</summary>
    public static Delivered Nothing { get; } = new(null, -1, 0);

    public bool Is => Nonce >= 0;
}
