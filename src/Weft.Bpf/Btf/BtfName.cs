namespace Weft.Bpf.Btf;

/// <summary>Names with flavours: <c>task_struct___v2</c> stands for the kernel's <c>task_struct</c>.</summary>
public static class BtfName
{
    /// <summary>A name without its flavour: cut at the last three underscores that have something else on both sides.</summary>
    public static string Essential(string name)
    {
        for (var i = name.Length - 5; i >= 0; i--)
        {
            if (name[i] != '_' && name[i + 1] == '_' && name[i + 2] == '_' && name[i + 3] == '_' && name[i + 4] != '_')
            {
                return name[..(i + 1)];
            }
        }

        return name;
    }

    internal static ReadOnlySpan<byte> Essential(ReadOnlySpan<byte> name)
    {
        // Nearly no name of a kernel has them.
        for (var i = name.IndexOf("___"u8) >= 0 ? name.Length - 5 : -1; i >= 0; i--)
        {
            if (name[i + 1] == '_' && name[i + 2] == '_' && name[i + 3] == '_' && name[i] != '_' && name[i + 4] != '_')
            {
                return name[..(i + 1)];
            }
        }

        return name;
    }
}
