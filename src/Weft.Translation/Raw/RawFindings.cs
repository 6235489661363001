using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Translation.Raw;

/// <summary>Collects the diagnostics of one file.</summary>
internal sealed class RawFindings(string file)
{
    /// <summary>Enough for any person; a hostile file could otherwise make one out of every character.</summary>
    private const int MostShown = 1_000;

    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();

    /// <summary>How many errors there were, shown or not: a resource is good when reading it raised none.</summary>
    public int Errors { get; private set; }

    /// <summary>Whether further findings are only counted.</summary>
    public bool IsFull => _diagnostics.Count >= MostShown;

    public SourcePosition At(TextMark mark) => new(file, mark.Line, mark.Column);

    public void Error(string code, TextMark mark, string message, string? fix = null)
    {
        Errors++;
        if (!IsFull)
        {
            _diagnostics.Add(Diagnostic.Error(code, At(mark), message, fix));
        }
    }

    public void Warning(string code, TextMark mark, string message, string? fix = null)
    {
        if (!IsFull)
        {
            _diagnostics.Add(Diagnostic.Warning(code, At(mark), message, fix));
        }
    }

    /// <summary>A finding about the file as a whole.</summary>
    public void FileError(string code, string message, string? fix = null)
    {
        Errors++;
        _diagnostics.Add(Diagnostic.Error(code, new(file), message, fix));
    }

    public void WrongKind(string label, string wanted, RawNode given, string? fix = null) =>
        Error(RawCodes.WrongKind, given.Mark, $"{label} takes {wanted}, not {given.Described}.", fix);

    public void Duplicate(RawScalar key, TextMark first) =>
        Error(
            RawCodes.DuplicateKey,
            key.Mark,
            $"{Shown.Quoted(key.Text)} is given twice, first at {first.Line}:{first.Column}.",
            "keep one of the two");

    public ImmutableArray<Diagnostic> ToImmutable()
    {
        if (IsFull)
        {
            _diagnostics.Add(Diagnostic.Error(
                RawCodes.OverLimit, new(file), $"Only the first {MostShown} of {Errors} mistakes are shown."));
        }

        return _diagnostics.ToImmutable();
    }
}
