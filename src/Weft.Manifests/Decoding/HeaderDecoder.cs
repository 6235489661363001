using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads names and values of headers.</summary>
internal static class HeaderDecoder
{
    /// <summary>A map of <c>name</c> and <c>value</c>; closes it.</summary>
    /// <param name="seen">The names that stand in the same list already.</param>
    public static HeaderValue? Decode(FieldReader entry, HashSet<string> seen)
    {
        foreach (var field in (string[])["name", "value"])
        {
            if (entry.Find(field) is null)
            {
                entry.Missing(field);
            }
        }

        var name = entry.Text("name");
        var value = entry.Text("value");
        entry.Close();
        if (name is null || value is null || !CheckName(entry.Findings, name, seen))
        {
            return null;
        }

        if (!Syntax.IsHeaderValue(value.Text))
        {
            entry.Findings.Error(
                "WEFT1105", value.Where, $"{entry.PathOf("value")}: {Excerpt.Of(value.Text)} is no value of a header.",
                "use 1 to 4096 characters, no control characters, no spaces at the ends");
        }

        return new(name.Text, value.Text);
    }

    /// <summary>Reports a name that is none, or that stands in the list already.</summary>
    public static bool CheckName(Findings findings, ScalarNode name, HashSet<string> seen)
    {
        if (!Syntax.IsHeaderName(name.Text))
        {
            findings.Error("WEFT1105", name.Where, $"{Excerpt.Of(name.Text)} is no name of a header.",
                "use letters, digits and dashes");
            return false;
        }

        findings.CheckOnce(seen, name.Text, name.Where, $"The header {name.Text}");
        return true;
    }
}
