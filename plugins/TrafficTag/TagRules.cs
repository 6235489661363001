namespace TrafficTag;

/// <summary>Where a condition finds the value that it looks at.</summary>
internal enum ValueSource
{
    None,
    Header,
    Cookie,
    Query,
    Path,
    Method,
    Address,
}

/// <summary>
/// What a condition asks of a value. The first four look at a list of values, the odd ones in the negative.
/// </summary>
internal enum Test
{
    Equal,
    NotEqual,
    In,
    NotIn,
    Prefix,
    Regex,
    Percentage,
    Exists,
    NotExists,
}

/// <summary>Whom the proxy serves, and so whether a tag that comes with a request is believed.</summary>
internal enum Role
{
    /// <summary>The listener says: one without a direction is a gateway's.</summary>
    ByListener,

    /// <summary>Clients outside: their tags are taken away.</summary>
    Gateway,

    /// <summary>A service of the mesh: its tags stay as they are.</summary>
    Sidecar,
}

/// <summary>Bytes of their own: the configuration's text is gone when it is used.</summary>
internal struct Word
{
    public byte[] Bytes;
}

/// <summary>A place where a value is found.</summary>
internal struct ValuePlace
{
    public ValueSource Source;
    public byte[] Key;
}

internal struct Condition
{
    public ValuePlace Place;
    public Test Test;
    public Word[] Values;
    public int Percent;
    public byte[] Table;
}

/// <summary>A tag, and the conditions that give it. Without a header of its own it is in the one for all.</summary>
internal struct TagRule
{
    public byte[] Header;
    public byte[] Tag;
    public bool Any;
    public Condition[] Conditions;
}

/// <summary>A tag that a share of the requests gets which no rule has tagged.</summary>
internal struct TagShare
{
    public byte[] Header;
    public byte[] Tag;

    /// <summary>The hundredths of this share and of those before it.</summary>
    public uint UpTo;
}

/// <summary>The whole configuration.</summary>
internal struct TagRules
{
    public Role Role;

    /// <summary>The header of tags that name none.</summary>
    public byte[] Header;
    public TagRule[] Rules;
    public TagShare[] Shares;

    /// <summary>Requests with the same value here get the same share.</summary>
    public ValuePlace ShareKey;
    public byte[] DefaultHeader;
    public byte[] Default;

    /// <summary>Whether tags are in several headers.</summary>
    public bool HasOtherHeaders;
}
