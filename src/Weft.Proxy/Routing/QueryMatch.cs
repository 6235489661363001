namespace Weft.Proxy.Routing;

/// <summary>
/// A condition on a query parameter. As in Envoy only the first value of a key counts, and neither keys nor values are
/// decoded: <c>a=b%20c</c> is compared as it stands.
/// </summary>
/// <param name="Text">Null where only presence counts.</param>
/// <param name="Absent">Whether the parameter must be missing.</param>
internal sealed record QueryMatch(string Key, TextMatch? Text, bool Absent)
{
    public bool Fits(ReadOnlySpan<char> query)
    {
        var present = TryFind(query, Key, out var value);
        return Text is null ? present != Absent : present && Text.Fits(value);
    }

    public static bool TryFind(ReadOnlySpan<char> query, string key, out ReadOnlySpan<char> value)
    {
        foreach (var range in query.Split('&'))
        {
            var parameter = query[range];
            var equal = parameter.IndexOf('=');
            var name = equal < 0 ? parameter : parameter[..equal];
            if (!parameter.IsEmpty && name.SequenceEqual(key))
            {
                value = equal < 0 ? [] : parameter[(equal + 1)..];
                return true;
            }
        }

        value = [];
        return false;
    }
}
