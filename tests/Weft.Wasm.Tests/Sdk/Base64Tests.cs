using System.Buffers.Text;
using CsCheck;
using Ours = Weft.Wasm.Sdk.Base64;

namespace Weft.Wasm.Tests.Sdk;

public sealed class Base64Tests
{
    [Fact]
    public void Writes_what_the_framework_writes_and_reads_it_back()
    {
        Gen.Byte.Array[0, 100].Sample(data =>
        {
            var expected = Convert.ToBase64String(data);
            var letters = new byte[expected.Length];
            Assert.True(Ours.TryEncode(data, letters, out var written));
            Assert.Equal(expected, Bytes.Text(letters.AsSpan(0, written)));
            Assert.True(data.Length == 0 || !Ours.TryEncode(data, letters.AsSpan(1), out _));
            AssertReads(expected, data);
            AssertReads(expected.TrimEnd('='), data);
            AssertReads(Base64Url.EncodeToString(data), data);
        });
    }

    [Theory]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("AA=")]
    [InlineData("A===")]
    [InlineData("====")]
    [InlineData("AA=A")]
    [InlineData("AA A")]
    [InlineData("AA\nA")]
    [InlineData("AAA%")]
    public void Refuses_what_is_none(string text) => Assert.False(Ours.TryDecode(Bytes.Of(text), new byte[100], out _));

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        Gen.Byte.Array[0, 40].Sample(text =>
        {
            var buffer = new byte[text.Length];
            return !Ours.TryDecode(text, buffer, out var written) || written == Ours.DecodedLength(text);
        });
    }

    private static void AssertReads(string letters, byte[] data)
    {
        var buffer = new byte[data.Length];
        Assert.Equal(data.Length, Ours.DecodedLength(Bytes.Of(letters)));
        Assert.True(Ours.TryDecode(Bytes.Of(letters), buffer, out var written));
        Assert.Equal(data, buffer[..written]);
        Assert.True(data.Length == 0 || !Ours.TryDecode(Bytes.Of(letters), buffer.AsSpan(1), out _));
    }
}
