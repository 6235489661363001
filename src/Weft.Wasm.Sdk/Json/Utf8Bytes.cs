namespace Weft.Wasm.Sdk;

/// <summary>The bytes of one character in UTF-8, in one number: the first the lowest.</summary>
internal readonly struct Utf8Bytes
{
    private readonly uint _bytes;

    internal Utf8Bytes(uint bytes, int length)
    {
        _bytes = bytes;
        Length = length;
    }

    internal int Length { get; }

    internal byte this[int index] => (byte)(_bytes >> (index << 3));

    internal static Utf8Bytes Of(int character)
    {
        if (character < 0x80)
        {
            return new Utf8Bytes((uint)character, 1);
        }

        var length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
        uint bytes = 0;
        for (var i = 1; i < length; i++, character >>= 6)
        {
            bytes = (bytes | 0x80 | ((uint)character & 0x3f)) << 8;
        }

        return new Utf8Bytes(bytes | (byte)((0xf00 >> length) | character), length);
    }
}
