using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <summary>
/// Reads the configuration, in this plugin's own words or in Higress's: the lists of words have both, side by side.
/// What it does not know it refuses, since a rule that is half understood tags others than it was meant for.
/// </summary>
internal ref partial struct TagRulesReader
{
    private readonly bool _empty;
    private readonly byte[] _none;
    private bool _defaultNeedsHeader;
    private JsonCursor _json;

    // The first header that a rule, a share or the default names.
    private byte[] _header;

    // Where the reader is, and what is wrong there.
    private ReadOnlySpan<byte> _list;
    private int _item;
    private int _condition;
    private ReadOnlySpan<byte> _problem;
    private ReadOnlySpan<byte> _detail;

    public TagRulesReader(ReadOnlySpan<byte> configuration)
    {
        _json = new JsonCursor(configuration);
        _empty = configuration.IsEmpty;
        _condition = -1;
        _none = new byte[0];
        _header = _none;
    }

    private static ReadOnlySpan<byte> Members =>
        "role role header header rules conditionGroups weights weightGroups weightKey weightKey "u8
        + "default defaultTagVal defaultTagKey"u8;

    private static ReadOnlySpan<byte> RuleMembers =>
        "tag headerValue header headerName match logic conditions"u8;

    private static ReadOnlySpan<byte> ShareMembers => "tag headerValue header headerName weight"u8;

    /// <summary>Reads the whole configuration. An empty one has no rules.</summary>
    /// <returns>False where <see cref="Describe"/> has something to say.</returns>
    public bool Read(out TagRules rules)
    {
        rules = default;
        rules.Rules = new TagRule[0];
        rules.Shares = new TagShare[0];
        rules.Header = rules.DefaultHeader = rules.Default = rules.ShareKey.Key = _none;
        if (!_empty && !(_json.Read() && ReadMembers(ref rules) && !_json.Read() && _json.Token == JsonToken.End))
        {
            return false;
        }

        if (_defaultNeedsHeader && rules.DefaultHeader.Length == 0)
        {
            rules.Default = _none;
        }

        CompleteHeader(ref rules);
        return true;
    }

    // The tag's header, where tags name none: the one that the configuration names for all, else the first that it
    // names anywhere, else a constant.
    private readonly void CompleteHeader(ref TagRules rules)
    {
        if (rules.Header.Length == 0)
        {
            rules.Header = _header.Length > 0 ? _header : "x-envoy-flow-tag"u8.ToArray();
        }
        else if (_header.Length > 0 && !new ReadOnlySpan<byte>(_header).SequenceEqual(rules.Header))
        {
            rules.HasOtherHeaders = true;
        }
    }

    private bool ReadMembers(ref TagRules rules)
    {
        var read = IsAt(JsonToken.ObjectStart);
        while (read && NextMember(Members, out var member))
        {
            switch (member >> 1)
            {
                case 0:
                    read = TryFind("gateway sidecar"u8, out var role);
                    rules.Role = (Role)(role + 1);
                    break;
                case 1:
                    read = ReadText(ref rules.Header);
                    ToLower(rules.Header);
                    break;
                case 2:
                    read = ReadRules(ref rules);
                    break;
                case 3:
                    read = ReadShares(ref rules);
                    break;
                case 4:
                    read = ReadKey(ref rules.ShareKey);
                    break;
                case 5:
                    _defaultNeedsHeader = (member & 1) != 0;
                    read = ReadText(ref rules.Default);
                    break;
                default:
                    read = ReadHeader(ref rules.DefaultHeader, ref rules);
                    break;
            }
        }

        return read && IsAtEnd;
    }

    private bool ReadRules(ref TagRules rules)
    {
        _list = "rules"u8;
        _item = -1;
        rules.Rules = new TagRule[Begin()];
        while (Next() && ReadRule(ref rules.Rules[++_item], ref rules))
        {
        }

        return EndList();
    }

    private bool ReadRule(ref TagRule rule, ref TagRules rules)
    {
        rule.Tag = rule.Header = _none;
        rule.Conditions = new Condition[0];
        var read = IsAt(JsonToken.ObjectStart);
        while (read && NextMember(RuleMembers, out var member))
        {
            switch (member >> 1)
            {
                case 0:
                    read = ReadText(ref rule.Tag);
                    break;
                case 1:
                    read = ReadHeader(ref rule.Header, ref rules);
                    break;
                case 2:
                    read = TryFind("all and any or"u8, out var match);
                    rule.Any = match >= 2;
                    break;
                default:
                    read = ReadConditions(ref rule);
                    break;
            }
        }

        return read && IsAtEnd && (rule.Tag.Length > 0 || Fail("a tag is missing"u8))
            && (rule.Conditions.Length > 0 || Fail("conditions are missing"u8));
    }

    private bool ReadShares(ref TagRules rules)
    {
        _list = "weights"u8;
        _item = -1;
        rules.Shares = new TagShare[Begin()];
        var sum = 0;
        while (Next() && ReadShare(ref rules.Shares[++_item], ref sum, ref rules))
        {
        }

        return EndList();
    }

    private bool ReadShare(ref TagShare share, ref int sum, ref TagRules rules)
    {
        share.Tag = share.Header = _none;
        var weight = -1;
        var read = IsAt(JsonToken.ObjectStart);
        while (read && NextMember(ShareMembers, out var member))
        {
            switch (member >> 1)
            {
                case 0:
                    read = ReadText(ref share.Tag);
                    break;
                case 1:
                    read = ReadHeader(ref share.Header, ref rules);
                    break;
                default:
                    read = Ascii.TryParseInt32(_json.Value, out weight) || Fail("a weight is a whole number"u8);
                    break;
            }
        }

        sum += weight;
        share.UpTo = (uint)sum;
        return read && IsAtEnd && (share.Tag.Length > 0 || Fail("a tag is missing"u8))
            && (((uint)weight <= 100 && sum <= 100) || Fail("weights go from 0 to 100, and so does their sum"u8));
    }
}
