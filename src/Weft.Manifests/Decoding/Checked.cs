using System.Collections.Immutable;
using Weft.Flow;
using Weft.Manifests.Yaml;

namespace Weft.Manifests.Decoding;

/// <summary>Reads fields whose values have a form, and reports those that do not keep to it.</summary>
internal static class Checked
{
    /// <summary>A DNS label, null where it is absent or wrong.</summary>
    public static string? Label(this FieldReader reader, string name) =>
        reader.Word(name, Syntax.IsLabel, "WEFT1101", "is no DNS label",
            "use at most 63 small letters, digits and dashes, a letter or digit at each end");

    /// <summary>A DNS subdomain, null where it is absent or wrong.</summary>
    public static string? Subdomain(this FieldReader reader, string name) =>
        reader.Word(name, Syntax.IsSubdomain, "WEFT1101", "is no DNS name",
            "use small letters, digits, dashes and dots, a letter or digit at each end");

    /// <summary>The name of a port, empty where it has none.</summary>
    public static string PortName(this FieldReader reader) =>
        reader.Word("name", n => n.Length == 0 || Syntax.IsPortName(n), "WEFT1101", "is no name of a port",
            "use at most 15 small letters, digits and single dashes, at least one letter") ?? "";

    /// <summary>A port number, null where it is absent or wrong.</summary>
    public static int? Port(this FieldReader reader, string name)
    {
        if (reader.Number(name) is not { } number)
        {
            return null;
        }

        if (number.Value is >= 1 and <= 65535)
        {
            return number.Value;
        }

        reader.Findings.Error(
            "WEFT1102", number.Where, $"{reader.PathOf(name)} is {number.Value}; a port is a number from 1 to 65535.");
        return null;
    }

    /// <summary>A whole number from <paramref name="least"/> on, null where it is absent or wrong.</summary>
    public static int? AtLeast(this FieldReader reader, string name, int least, int most = int.MaxValue)
    {
        if (reader.Number(name) is not { } number)
        {
            return null;
        }

        if (number.Value >= least && number.Value <= most)
        {
            return number.Value;
        }

        reader.Findings.Error(
            "WEFT1115", number.Where, $"{reader.PathOf(name)} is {number.Value}, which is out of its range.",
            most == int.MaxValue ? $"use a number of at least {least}" : $"use a number from {least} to {most}");
        return null;
    }

    /// <summary>A duration of the Gateway API, null where it is absent or wrong.</summary>
    public static TimeSpan? Duration(this FieldReader reader, string name)
    {
        if (reader.Text(name) is not { } text)
        {
            return null;
        }

        if (GatewayDuration.Parse(text.Text) is { } duration)
        {
            return duration;
        }

        reader.Findings.Error(
            "WEFT1107", text.Where, $"{reader.PathOf(name)}: {Excerpt.Of(text.Text)} is no duration.",
            "write it like 500ms, 10s or 1h30m");
        return null;
    }

    /// <summary>Labels, the wrong ones left out.</summary>
    public static ImmutableSortedDictionary<string, string> Labels(this FieldReader reader, string name)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in reader.Entries(name))
        {
            labels[key.Text] = value.Text;
            if (!Syntax.IsLabelKey(key.Text))
            {
                reader.Findings.Error(
                    "WEFT1104", key.Where, $"{reader.PathOf(name)}: {Excerpt.Of(key.Text)} is no name of a label.",
                    "use at most 63 letters, digits, '-', '_' and '.', after an optional DNS name and '/'");
            }

            if (!Syntax.IsLabelValue(value.Text))
            {
                reader.Findings.Error(
                    "WEFT1104", value.Where, $"{reader.PathOf(name)}: {Excerpt.Of(value.Text)} is no value of a label.",
                    "use at most 63 letters, digits, '-', '_' and '.', a letter or digit at each end");
            }
        }

        return labels.ToImmutable();
    }

    /// <summary>One of a few words; <paramref name="absent"/> where the field is.</summary>
    /// <returns>Null where it is another word.</returns>
    public static string? OneOf(this FieldReader reader, string name, string? absent, params ReadOnlySpan<string> words)
    {
        if (reader.Find(name) is null)
        {
            return absent;
        }

        if (reader.Text(name) is not { } text)
        {
            return null;
        }

        if (words.Contains(text.Text))
        {
            return text.Text;
        }

        reader.Findings.Error(
            "WEFT1109", text.Where,
            $"{reader.PathOf(name)} is {Excerpt.Of(text.Text)}; it must be {string.Join(" or ", words!)}.");
        return null;
    }

    /// <summary>Reports an IP address that is none.</summary>
    public static bool CheckAddress(this Findings findings, ScalarNode address)
    {
        if (Syntax.IsAddress(address.Text))
        {
            return true;
        }

        findings.Error(
            "WEFT1103", address.Where, $"{Excerpt.Of(address.Text)} is no IP address.",
            "write it like 10.0.0.1 or fd00::1");
        return false;
    }

    /// <summary>Reports what <paramref name="seen"/> holds already.</summary>
    public static void CheckOnce<T>(this Findings findings, HashSet<T> seen, T item, SourcePosition where, string what)
    {
        if (!seen.Add(item))
        {
            findings.Error("WEFT1110", where, $"{what} stands here a second time.", "remove one");
        }
    }

    private static string? Word(
        this FieldReader reader, string name, Func<string, bool> isGood, string code, string complaint, string fix)
    {
        if (reader.Text(name) is not { } text)
        {
            return null;
        }

        if (isGood(text.Text))
        {
            return text.Text;
        }

        reader.Findings.Error(code, text.Where, $"{reader.PathOf(name)}: {Excerpt.Of(text.Text)} {complaint}.", fix);
        return null;
    }
}
