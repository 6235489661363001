namespace Weft.Agent.Trace;

/// <summary>A structure that a record may be.</summary>
internal sealed record RecordShape(uint Id, string Name, long Size);

/// <summary>What the records of a buffer may be: of several structures, the size of a record tells which.</summary>
internal sealed class RecordType(RecordShape[] shapes)
{
    private const int Padding = 8;

    /// <summary>The structure of a record of this length; null where it is none.</summary>
    public RecordShape? Of(int length) =>
        First(s => s.Size == length) ?? (shapes.Length > 0 && shapes[0].Size <= length ? shapes[0] : null);

    /// <summary>Likewise, where up to seven bytes more follow.</summary>
    public RecordShape? OfPadded(int length) =>
        First(s => s.Size <= length && length < s.Size + Padding) ?? (shapes.Length > 0 && shapes[0].Size <= length ? shapes[0] : null);

    private RecordShape? First(Predicate<RecordShape> fits) => Array.Find(shapes, fits);
}
