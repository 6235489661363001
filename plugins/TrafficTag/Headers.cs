using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <summary>Which headers the tags are in.</summary>
internal static class Headers
{
    /// <summary>Names of headers are in lower case in a proxy.</summary>
    public static void ToLower(byte[] name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            name[i] = Ascii.ToLower(name[i]);
        }
    }

    /// <summary>
    /// Gives a header to each tag that names none: the one that the configuration names for all, else the first that it
    /// names anywhere, else <c>x-envoy-flow-tag</c>.
    /// </summary>
    public static void Complete(ref TagRules rules)
    {
        if (rules.Header.Length == 0)
        {
            rules.Header = First(ref rules);
        }

        Complete(ref rules, ref rules.DefaultHeader);
        for (var i = 0; i < rules.Rules.Length; i++)
        {
            Complete(ref rules, ref rules.Rules[i].Header);
        }

        for (var i = 0; i < rules.Shares.Length; i++)
        {
            Complete(ref rules, ref rules.Shares[i].Header);
        }
    }

    private static void Complete(ref TagRules rules, ref byte[] header)
    {
        if (header.Length == 0)
        {
            header = rules.Header;
        }
        else if (!new ReadOnlySpan<byte>(header).SequenceEqual(rules.Header))
        {
            rules.HasOtherHeaders = true;
        }
    }

    private static byte[] First(ref TagRules rules)
    {
        for (var i = 0; i < rules.Rules.Length; i++)
        {
            if (rules.Rules[i].Header.Length > 0)
            {
                return rules.Rules[i].Header;
            }
        }

        for (var i = 0; i < rules.Shares.Length; i++)
        {
            if (rules.Shares[i].Header.Length > 0)
            {
                return rules.Shares[i].Header;
            }
        }

        if (rules.DefaultHeader.Length > 0)
        {
            return rules.DefaultHeader;
        }

        var name = new byte[16];
        "x-envoy-flow-tag"u8.CopyTo(name);
        return name;
    }
}
