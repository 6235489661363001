namespace TrafficTag;

/// <summary>Goes through the compiled rules, piece by piece. What is wrong in them ends the callback, and no more.</summary>
internal ref struct Walk(ReadOnlySpan<byte> rest)
{
    /// <summary>What was not yet read.</summary>
    public ReadOnlySpan<byte> Rest = rest;

    public readonly bool IsAtEnd => Rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public ReadOnlySpan<byte> Word() => Take(Number());

    public Walk Block() => new(Take(Number() | (Number() << 16)));

    private int Number()
    {
        var bytes = Take(2);
        return bytes[0] | (bytes[1] << 8);
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        var taken = Rest[..size];
        Rest = Rest[size..];
        return taken;
    }
}
