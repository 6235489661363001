using Weft.Bpf.Btf;

namespace Weft.Bpf;

/// <summary>
/// Compares the fields of a structure of C# with the members of one of C. <c>SourcePort</c> and <c>source_port</c> are the same
/// name. A field whose name C does not have may have another, but must begin where a member begins. Of structures within them,
/// and of arrays, the size is compared.
/// </summary>
internal static class StructComparison
{
    private const int MaxDepth = 16;
    private const int MaxMembers = 4096;

    /// <summary>What differs.</summary>
    public static IEnumerable<string> Of(string type, IReadOnlyList<StructField> fields, BtfSpec types, BtfComposite composite)
    {
        var members = new List<(string Name, uint Type, int Offset)>();
        Collect(types, composite, 0, 0, members);
        var name = composite.Name.Length == 0 ? "the structure" : composite.Name;
        foreach (var field in fields)
        {
            var index = members.FindIndex(m => AreSame(m.Name, field.Name));
            var member = index >= 0 ? members[index] : default;
            if (index >= 0 && member.Offset != field.Offset)
            {
                yield return $"{type}.{field.Name} begins at byte {field.Offset}, but {member.Name} of {name} at byte {member.Offset}";
            }
            else if (index >= 0 && types.SizeOf(member.Type) is var size && size != field.Size)
            {
                yield return $"{type}.{field.Name} has {field.Size} bytes, but {member.Name} of {name} has {size}";
            }
            else if (index < 0 && members.Count > 0 && !members.Exists(m => m.Offset == field.Offset))
            {
                yield return $"{type}.{field.Name} begins at byte {field.Offset}, where no member of {name} does";
            }
        }
    }

    // Members of structures without names count as those of the one around them; bit fields have no place of their own.
    private static void Collect(BtfSpec types, BtfComposite composite, int offset, int depth, List<(string, uint, int)> members)
    {
        foreach (var member in composite.Members)
        {
            var at = offset + (int)(member.BitOffset / 8);
            if (member.Name.Length > 0 && members.Count < MaxMembers)
            {
                members.Add((member.Name, member.Type, at));
            }
            else if (depth < MaxDepth && types.Get(types.Skip(member.Type)) is BtfComposite inner && members.Count < MaxMembers)
            {
                Collect(types, inner, at, depth + 1, members);
            }
        }
    }

    private static bool AreSame(ReadOnlySpan<char> c, ReadOnlySpan<char> sharp)
    {
        var (i, j) = (0, 0);
        while (true)
        {
            i += CountUnderscores(c[i..]);
            j += CountUnderscores(sharp[j..]);
            if (i == c.Length || j == sharp.Length)
            {
                return i == c.Length && j == sharp.Length;
            }

            if (char.ToLowerInvariant(c[i++]) != char.ToLowerInvariant(sharp[j++]))
            {
                return false;
            }
        }
    }

    private static int CountUnderscores(ReadOnlySpan<char> text) => text.IndexOfAnyExcept('_') is var at and >= 0 ? at : text.Length;
}
