using System.Collections.Immutable;
using System.Text;
using Weft.Flow;

namespace Weft.Security;

/// <summary>Makes a value of texts of files, or says what is wrong with them.</summary>
internal delegate T? TextReading<T>(ImmutableArray<string> texts, ImmutableArray<Diagnostic>.Builder errors);

/// <summary>
/// A value that stands in files, read anew whenever their content has changed; a bad one keeps the last good one. The
/// files are read, not only looked at: they are small, and a mounted secret changes behind links that stay as they are.
/// </summary>
internal sealed class WatchedFiles<T>(ImmutableArray<string> paths, TextReading<T> read) where T : class
{
    private const int LargestFile = 1024 * 1024;

    private ImmutableArray<string>? _seen;
    private bool _wasUnreadable;

    /// <summary>The last good one; null before there was one.</summary>
    public T? Value { get; private set; }

    /// <summary>Looks into the files. For one thread at a time.</summary>
    /// <param name="errors">What is wrong with what is new there, told once.</param>
    /// <returns>Whether there is a new value.</returns>
    public bool Look(ImmutableArray<Diagnostic>.Builder errors)
    {
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        ImmutableArray<string> texts = [.. paths.Select(path => Text(path, found)).OfType<string>()];
        if (texts.Length < paths.Length)
        {
            if (!_wasUnreadable)
            {
                errors.AddRange(found);
            }

            (_wasUnreadable, _seen) = (true, null);
            return false;
        }

        _wasUnreadable = false;
        if (_seen is { } seen && seen.AsSpan().SequenceEqual(texts.AsSpan()))
        {
            return false;
        }

        _seen = texts;
        if (read(texts, errors) is not { } value)
        {
            return false;
        }

        Value = value;
        return true;
    }

    private static string? Text(string path, ImmutableArray<Diagnostic>.Builder errors)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[LargestFile];
            var length = file.ReadAtLeast(bytes, LargestFile, throwOnEndOfStream: false);
            if (length < LargestFile)
            {
                return Encoding.UTF8.GetString(bytes, 0, length);
            }

            errors.Add(Unreadable(path, $"it has {LargestFile} bytes or more"));
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            errors.Add(Unreadable(path, e.Message));
        }

        return null;
    }

    private static Diagnostic Unreadable(string path, string why) => Diagnostic.Error(
        "WEFT5001", new(path), $"The file cannot be read: {why}",
        "correct its path or its permissions; what was read before stays in force");
}
