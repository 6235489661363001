using System.Text;
using System.Text.Json;

namespace Weft.Wasm.Tags;

/// <summary>An object of a configuration, and where it stands. Members have a name of ours, and some one of Higress's.</summary>
internal readonly struct TagObject
{
    private const int MaxText = ushort.MaxValue;

    private readonly JsonElement _value;

    private TagObject(JsonElement value, string path)
    {
        _value = value;
        Path = path;
    }

    public string Path { get; }

    /// <summary>Takes a value for an object that has no other than the named members.</summary>
    public static TagObject Of(JsonElement value, string path, params ReadOnlySpan<string> members)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw TagMistakeException.At(path, "an object must stand here");
        }

        foreach (var member in value.EnumerateObject())
        {
            if (!members.Contains(member.Name))
            {
                throw TagMistakeException.At(
                    path, $"the member '{Shown(member.Name)}' is not known", $"known are {string.Join(", ", members)}");
            }
        }

        return new(value, path);
    }

    /// <summary>The member's value, by either of its names.</summary>
    public JsonElement? Find(string name, string? otherName = null)
    {
        var there = _value.TryGetProperty(name, out var value);
        if (otherName is null || !_value.TryGetProperty(otherName, out var other))
        {
            return there ? value : null;
        }

        return there ? throw TagMistakeException.At(Path, $"'{name}' and '{otherName}' are the same", "remove one") : other;
    }

    /// <summary>A text that the object may have.</summary>
    public string? Text(string name, string? otherName = null) =>
        Find(name, otherName) is { } value ? TextOf(value, Path, name) : null;

    /// <summary>The index of the word that a member has, in lower case or upper; -1 where it has none.</summary>
    public int Word(string name, string? otherName, params ReadOnlySpan<string> words)
    {
        if (Text(name, otherName) is not { } text)
        {
            return -1;
        }

        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        throw TagMistakeException.At(
            Path, $"'{Shown(text)}' is no value of '{name}'", $"write one of {string.Join(", ", words)}");
    }

    /// <summary>The items of a list, each with its path; none where the list is missing.</summary>
    public IEnumerable<(JsonElement Value, string Path)> Items(string name, string? otherName = null)
    {
        if (Find(name, otherName) is not { } value)
        {
            return [];
        }

        var list = $"{Path}.{(_value.TryGetProperty(name, out _) ? name : otherName)}";
        return value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select((item, i) => (item, $"{list}[{i}]"))
            : throw TagMistakeException.At(list, "a list must stand here");
    }

    /// <summary>A text, or a number as it is written.</summary>
    public static string TextOf(JsonElement value, string path, string name)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => StringOf(value, path, name),
            JsonValueKind.Number => value.GetRawText(),
            _ => throw TagMistakeException.At(path, $"'{name}' must be a text"),
        };
        return Encoding.UTF8.GetByteCount(text) <= MaxText
            ? text
            : throw TagMistakeException.At(path, $"'{name}' has more than {MaxText} bytes");
    }

    // Half of a pair of surrogates is JSON, and no text.
    private static string StringOf(JsonElement value, string path, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw TagMistakeException.At(path, $"'{name}' has half of a character");
        }
    }

    private static string Shown(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
