namespace Weft.Proxy.Filters;

/// <summary>
/// The filters that were made and have not ended. One ends when nothing names it any more and the last request that it
/// saw has ended.
/// </summary>
internal sealed class FilterShelf
{
    private readonly Lock _lock = new();

    // By resource, the oldest first.
    private readonly Dictionary<string, List<HeldFilter>> _byName = new(StringComparer.Ordinal);

    /// <summary>Takes a new version, which is not in use yet.</summary>
    public HeldFilter Add(string resource, IHttpFilter filter)
    {
        var held = new HeldFilter(resource, filter);
        lock (_lock)
        {
            if (!_byName.TryGetValue(resource, out var versions))
            {
                _byName[resource] = versions = [];
            }

            versions.Add(held);
        }

        return held;
    }

    /// <summary>Begins to use a filter, or the newest version in its place where it has just gone; null where that is gone, too.</summary>
    public HeldFilter? Enter(HeldFilter filter)
    {
        if (filter.TryEnter())
        {
            return filter;
        }

        lock (_lock)
        {
            return _byName.TryGetValue(filter.Resource, out var versions) && versions[^1].TryEnter() ? versions[^1] : null;
        }
    }

    /// <summary>Lets go what is neither known nor in use any more. What was never known may still come.</summary>
    public void Keep(IReadOnlySet<HeldFilter> known)
    {
        var gone = new List<HeldFilter>();
        lock (_lock)
        {
            foreach (var (resource, versions) in _byName.ToList())
            {
                var newest = versions.FindLastIndex(known.Contains);
                foreach (var (index, filter) in versions.Index())
                {
                    filter.WasKnown |= index <= newest;
                }

                gone.AddRange(versions.Where(f => f.WasKnown && !known.Contains(f)));
                if (versions.RemoveAll(f => f.WasKnown && !known.Contains(f)) > 0 && versions.Count == 0)
                {
                    _byName.Remove(resource);
                }
            }
        }

        gone.ForEach(f => f.Leave());
    }

    /// <summary>Lets all go.</summary>
    public void Close()
    {
        lock (_lock)
        {
            foreach (var filter in _byName.Values.SelectMany(v => v))
            {
                filter.Leave();
            }

            _byName.Clear();
        }
    }
}

/// <summary>A filter and the number of those who use it.</summary>
internal sealed class HeldFilter(string resource, IHttpFilter filter)
{
    // One for the shelf, one for each request.
    private long _users = 1;

    public string Resource => resource;

    public IHttpFilter Filter => filter;

    /// <summary>Whether it, or a newer version, was among what the proxy knows.</summary>
    public bool WasKnown { get; set; }

    /// <summary>Joins the users; false where it has ended.</summary>
    public bool TryEnter()
    {
        var users = Interlocked.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Ends what <see cref="TryEnter"/>, or the shelf, began.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            filter.Dispose();
        }
    }
}
