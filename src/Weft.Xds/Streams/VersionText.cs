using Weft.Flow;

namespace Weft.Xds.Streams;

/// <summary>
/// Versions as text. One publication brings thousands of streams to the same version: the text that was made last is the
/// one that is asked for next.
/// </summary>
internal static class VersionText
{
    private static volatile Made? _last;

    private sealed record Made(ContentHash Hash, string Text);

    public static string Of(ContentHash hash)
    {
        var last = _last;
        if (last is null || last.Hash != hash)
        {
            _last = last = new(hash, hash.ToString());
        }

        return last.Text;
    }
}
