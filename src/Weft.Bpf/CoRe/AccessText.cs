using System.Text;

namespace Weft.Bpf.CoRe;

/// <summary>An access as C has it, for messages: <c>task_struct.mm.pgd[0]</c>, <c>bpf_func_id::BPF_FUNC_unspec</c>.</summary>
internal static class AccessText
{
    private const int MaxLength = 200;

    /// <summary>As much as can be told, for what is wrong may be the access itself.</summary>
    public static string Of(CoReTypes types, CoReRelocation relocation)
    {
        var text = new StringBuilder();
        try
        {
            Append(text, types.File.NameBytes(relocation.Type));
            if (text.Length == 0)
            {
                text.Append("an anonymous type");
            }

            var path = LocalAccess.Of(types, relocation);
            for (var i = 0; i < path.Accessors.Count && text.Length < MaxLength; i++)
            {
                Append(text, path, i, relocation.Kind);
            }
        }
        catch (BpfFormatException)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $" [{relocation.Type}] + \"");
            text.Append(relocation.Access.AsSpan(0, Math.Min(relocation.Access.Length, 80))).Append('"');
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, AccessPath path, int step, CoReKind kind)
    {
        var accessor = path.Accessors[step];
        if (kind.IsEnumerator())
        {
            Append(text.Append("::"), path.Types.Text(path.Types.Open(accessor.Type).EnumeratorName(accessor.Index)));
        }
        else if (accessor.IsMember)
        {
            Append(text.Append('.'), path.Types.Text(path.Types.Open(accessor.Type).Member(accessor.Index).NameAt));
        }
        else if (step > 0 || accessor.Index > 0)
        {
            text.Append('[').Append(accessor.Index).Append(']');
        }
    }

    private static void Append(StringBuilder text, ReadOnlySpan<byte> name) =>
        text.Append(Encoding.UTF8.GetString(name[..Math.Min(name.Length, MaxLength)]));
}
