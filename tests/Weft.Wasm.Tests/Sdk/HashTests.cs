using System.Buffers.Binary;
using System.Security.Cryptography;
using CsCheck;
using Weft.Wasm.Sdk;

namespace Weft.Wasm.Tests.Sdk;

public sealed class HashTests
{
    [Fact]
    public void Sha256_is_the_frameworks_for_each_length_around_the_blocks()
    {
        var data = new byte[300];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = (byte)(i * 7);
        }

        for (var length = 0; length <= data.Length; length++)
        {
            AssertSha256(data[..length]);
        }
    }

    [Fact]
    public void Sha256_is_the_frameworks_for_random_data()
    {
        Gen.Byte.Array[0, 2_000].Sample(AssertSha256, iter: 500);
    }

    // The vectors of the functions' authors.
    [Theory]
    [InlineData("", 0x811c9dc5u, 0xcbf29ce484222325ul)]
    [InlineData("a", 0xe40c292cu, 0xaf63dc4c8601ec8cul)]
    [InlineData("foobar", 0xbf9cf968u, 0x85944171f73967e8ul)]
    public void Fnv_is_as_published(string text, uint hash32, ulong hash64)
    {
        Assert.Equal(hash32, Fnv.Hash32(Bytes.Of(text)));
        Assert.Equal(hash64, Fnv.Hash64(Bytes.Of(text)));
    }

    [Theory]
    [InlineData("", 0u, 0u)]
    [InlineData("", 1u, 0x514e28b7u)]
    [InlineData("", 0xffffffffu, 0x81f16f39u)]
    [InlineData("\0\0\0\0", 0u, 0x2362f9deu)]
    [InlineData("aaaa", 0x9747b28cu, 0x5a97808au)]
    [InlineData("aaa", 0x9747b28cu, 0x283e0130u)]
    [InlineData("aa", 0x9747b28cu, 0x5d211726u)]
    [InlineData("a", 0x9747b28cu, 0x7fa09ea6u)]
    [InlineData("Hello, world!", 0x9747b28cu, 0x24884cbau)]
    public void Murmur3_is_as_published(string text, uint seed, uint hash) =>
        Assert.Equal(hash, Murmur3.Hash32(Bytes.Of(text), seed));

    private static void AssertSha256(byte[] data)
    {
        var digest = new byte[Sha256.DigestSize];
        Sha256.Hash(data, digest);
        var expected = SHA256.HashData(data);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(digest));
        Assert.Equal(BinaryPrimitives.ReadUInt64BigEndian(expected), Sha256.Hash64(data));
    }
}
