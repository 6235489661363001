using Weft.Flow;

namespace Weft.Xds.Streams;

/// <summary>
/// Versions as text. One publication brings thousands of streams to the same few versions, of a type each: the texts that
/// were made last are the ones that are asked for next.
/// </summary>
internal static class VersionText
{
    private static readonly Made?[] Last = new Made?[64];

    private sealed record Made(ContentHash Hash, string Text);

    public static string Of(ContentHash hash)
    {
        ref var last = ref Last[(int)hash.Value & (Last.Length - 1)];
        var made = Volatile.Read(ref last);
        if (made is null || made.Hash != hash)
        {
            made = new(hash, hash.ToString());
            Volatile.Write(ref last, made);
        }

        return made.Text;
    }
}
