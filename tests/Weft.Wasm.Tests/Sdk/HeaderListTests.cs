using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Weft.Wasm.Sdk;

namespace Weft.Wasm.Tests.Sdk;

public sealed class HeaderListTests
{
    [Fact]
    public void What_was_added_is_read_back()
    {
        var text = Gen.String[Gen.Char['a', 'z'], 0, 12];
        Gen.Select(text, text).Array[0, 20].Sample(pairs =>
        {
            var list = new HeaderList(new byte[4 + pairs.Sum(p => p.Item1.Length + p.Item2.Length + 10)]);
            foreach (var (name, value) in pairs)
            {
                Assert.True(list.Add(Bytes.Of(name), Bytes.Of(value)));
            }

            Assert.Equal(pairs.Length, list.Count);
            Assert.False(list.Overflowed);
            Assert.Equal(pairs, Read(list.Encoded));
        });
    }

    [Fact]
    public void The_bytes_are_those_of_the_interface()
    {
        var list = new HeaderList(new byte[64]);
        list.Add("a", "xy");
        list.Add("bc"u8, default);
        Assert.Equal("020000000100000002000000020000000000000061007879006263000000"[..58],
            Convert.ToHexStringLower(list.Encoded));
    }

    [Fact]
    public void A_list_that_was_never_made_is_empty()
    {
        HeaderList list = default;
        Assert.True(list.Encoded.IsEmpty);
        Assert.False(list.Overflowed);
        Assert.False(list.Add("a", "b"));
        Assert.True(list.Overflowed);
    }

    [Fact]
    public void What_has_no_room_is_not_added_and_shows()
    {
        for (var size = 0; size < 60; size++)
        {
            var list = new HeaderList(new byte[size]);
            var first = list.Add("name", "value");
            var second = list.Add("n", "v");
            Assert.Equal(size >= 4 + 19, first);
            Assert.Equal(size >= 4 + 19 + 12, second);
            Assert.Equal(!second, list.Overflowed);
            Assert.Equal((first ? 1 : 0) + (second ? 1 : 0), list.Count);
            Assert.Equal(list.Count, Read(list.Encoded).Length);
        }
    }

    [Fact]
    public void A_list_that_is_cut_anywhere_ends_there()
    {
        var list = new HeaderList(new byte[256]);
        list.Add("alpha", "1");
        list.Add("beta", "");
        list.Add("gamma", "333");
        for (var end = 0; end < list.Encoded.Length; end++)
        {
            Assert.True(Read(list.Encoded[..end]).Length < 3);
        }
    }

    [Fact]
    public void A_malformed_list_is_walked_to_its_end()
    {
        Gen.Select(Gen.Int[0, 5], Gen.OneOf(Gen.Int[0, 6], Gen.Int).Array[0, 10], Gen.Byte.Array[0, 20]).Sample((count, sizes, data) =>
        {
            var bytes = new byte[4 + (sizes.Length * 4) + data.Length];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, count);
            for (var i = 0; i < sizes.Length; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 + (4 * i)), sizes[i]);
            }

            data.CopyTo(bytes, 4 + (sizes.Length * 4));
            Assert.True(Read(bytes).Length <= count);
        });
    }

    private static (string, string)[] Read(ReadOnlySpan<byte> pairs)
    {
        var read = new List<(string, string)>();
        var walk = new HeaderPairs(pairs);
        while (walk.MoveNext())
        {
            read.Add((Encoding.Latin1.GetString(walk.Current.Name), Encoding.Latin1.GetString(walk.Current.Value)));
        }

        return [.. read];
    }
}
