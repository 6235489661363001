using System.Collections.Immutable;
using Weft.Flow;
using Weft.Xds.Streams;

namespace Weft.Xds.Serving;

/// <summary>
/// How far a client is, as others see it. Its stream notes figures after each step, and a status is made of them only
/// when somebody looks. Safe for any number of threads.
/// </summary>
internal sealed class LiveStatus(ClientStatus status)
{
    private readonly Lock _lock = new();
    private ClientStatus _status = status;
    private Figures[] _figures = [];
    private ResourceSet? _seen;
    private bool _isNew;

    private record struct Figures(string TypeUrl, SyncState State, ContentHash Version, int Resources, string? Error);

    public ClientStatus Value
    {
        get
        {
            lock (_lock)
            {
                return UpToDate();
            }
        }
    }

    public void Update(Func<ClientStatus, ClientStatus> change)
    {
        lock (_lock)
        {
            _status = change(UpToDate());
        }
    }

    /// <summary>Notes how far the stream is.</summary>
    /// <param name="seen">What it is to have; null where nothing has been published for it.</param>
    public void Note(ImmutableArray<TypeState> types, ResourceSet? seen)
    {
        lock (_lock)
        {
            if (_figures.Length != types.Length)
            {
                _figures = new Figures[types.Length];
            }

            for (var i = 0; i < types.Length; i++)
            {
                _figures[i] = FiguresOf(types[i], seen);
            }

            (_isNew, _seen) = (true, seen);
        }
    }

    private static Figures FiguresOf(TypeState type, ResourceSet? seen) => new(
        type.TypeUrl,
        type.Error is not null ? SyncState.Rejected : seen is null || Delivery.IsPending(type) ? SyncState.Pending : SyncState.Synced,
        type.Hash,
        type.Sent.Count,
        type.Error);

    private ClientStatus UpToDate()
    {
        if (_isNew)
        {
            _status = _status with
            {
                Seen = _seen,
                Types = [.. _figures.Select(f => new TypeStatus(f.TypeUrl, f.State, f.Version.ToString(), f.Resources, f.Error))],
            };
            _isNew = false;
        }

        return _status;
    }
}
