using System.Text;
using CsCheck;
using Weft.Wasm.Host;

namespace Weft.Wasm.Tests.Host;

public sealed class HeaderMapTests
{
    [Fact]
    public void Replacing_leaves_one_and_removing_none()
    {
        var map = Map(("a", "1"), ("A", "2"), ("b", "3"));
        map.Replace("a"u8, "longer than before"u8);
        Assert.Equal(["b=3", "a=longer than before"], Text(map));
        Assert.Equal(1, map.Remove("A"u8));
        Assert.Equal(["b=3"], Text(map));
        Assert.Equal(2, map.ByteSize);
    }

    [Fact]
    public void What_stands_once_is_added_to_with_a_comma_and_host_is_authority()
    {
        var map = Map(("Host", "a"), ("user-agent", "x"), ("user-agent", "y"), ("cookie", "1"), ("cookie", "2"));
        Assert.Equal([":authority=a", "user-agent=x,y", "cookie=1", "cookie=2"], Text(map));
        Assert.Equal("a", map["host"]);
    }

    [Fact]
    public void A_map_takes_no_more_than_its_bound()
    {
        var map = new HeaderMap();
        var value = new byte[HeaderMap.MaxBytes / 2];
        Assert.True(map.Add("a"u8, value));
        Assert.False(map.Add("b"u8, value));
        Assert.False(map.Replace("a"u8, new byte[HeaderMap.MaxBytes]));
        Assert.Equal(1, map.Count);
    }

    [Fact]
    public void It_does_what_a_list_does()
    {
        string[] known = ["a", "b", "cc", "user-agent"];
        var names = Gen.Int[0, 3].Select(i => known[i]);
        var step = Gen.Select(Gen.Int[0, 3], names, Gen.String[Gen.Char['a', 'z'], 0, 40]);
        step.Array[0, 60].Sample(steps =>
        {
            var map = new HeaderMap();
            var model = new List<(string Name, string Value)>();
            foreach (var (what, name, value) in steps)
            {
                Do(map, model, what, name, value);
            }

            Assert.Equal(model.Select(m => $"{m.Name}={m.Value}"), Text(map));
            Assert.Equal(model.Sum(m => m.Name.Length + m.Value.Length), map.ByteSize);
        });
    }

    [Fact]
    public void Pairs_are_read_as_they_were_written()
    {
        var header = Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 9], Gen.String[0, 20]);
        header.Array[0, 30].Sample(headers =>
        {
            var map = Map([.. headers.Select(h => ("x-" + h.Item1, h.Item2))]);
            var bytes = new byte[PairsWriter.SizeOf(map)];
            PairsWriter.Write(map, bytes);
            Assert.Equal(Text(map), Read(bytes));
        });
    }

    [Fact]
    public void Bytes_of_any_kind_read_as_some_pairs_or_none()
    {
        var small = Gen.Byte[0, 9].Array[0, 60];
        Gen.OneOf(Gen.Byte.Array[0, 60], small).Sample(bytes => Read(bytes).Length <= bytes.Length);
    }

    [Theory]
    [InlineData("\x01\0\0\0\x01\0\0\0\x01\0\0\0a\0b\0", 1)]
    [InlineData("\x01\0\0\0\x01\0\0\0\x01\0\0\0a\0b\0!", 0)]
    [InlineData("\x01\0\0\0\x01\0\0\0\x01\0\0\0a\0b!", 0)]
    [InlineData("\x01\0\0\0\x01\0\0\0\x01\0\0\0a!b\0", 0)]
    [InlineData("\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff" + "a\0b\0", 0)]
    [InlineData("\xff\xff\xff\xff", 0)]
    [InlineData("\0\0\0\0", 0)]
    [InlineData("\0\0\0", 0)]
    public void A_list_that_is_not_exact_is_empty(string bytes, int count) =>
        Assert.Equal(count, new PairsReader(Encoding.Latin1.GetBytes(bytes)).Count);

    [Fact]
    public void A_list_has_at_most_1024_pairs()
    {
        static byte[] Pairs(int count)
        {
            var map = new HeaderMap();
            for (var i = 0; i < count; i++)
            {
                map.Add("x", "y");
            }

            var bytes = new byte[PairsWriter.SizeOf(map)];
            PairsWriter.Write(map, bytes);
            return bytes;
        }

        Assert.Equal(1024, new PairsReader(Pairs(1024)).Count);
        Assert.Equal(0, new PairsReader(Pairs(1025)).Count);
        Assert.Equal(0, new PairsReader(new byte[PairsReader.MaxBytes + 1]).Count);
    }

    private static void Do(
        HeaderMap map, List<(string Name, string Value)> model, int what, string name, string value)
    {
        var (nameBytes, valueBytes) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        var index = model.FindIndex(m => m.Name == name);
        switch (what)
        {
            case 0:
                map.Remove(nameBytes);
                model.RemoveAll(m => m.Name == name);
                break;
            case 1:
                map.Replace(nameBytes, valueBytes);
                model.RemoveAll(m => m.Name == name);
                model.Add((name, value));
                break;
            case 2 when name == "user-agent" && index >= 0:
                map.Add(nameBytes, valueBytes);
                model[index] = (name, model[index].Value == "" ? value : $"{model[index].Value},{value}");
                break;
            case 2:
                map.Add(nameBytes, valueBytes);
                model.Add((name, value));
                break;
            default:
                map.Clear();
                model.Clear();
                break;
        }
    }

    private static HeaderMap Map(params (string Name, string Value)[] headers)
    {
        var map = new HeaderMap();
        foreach (var (name, value) in headers)
        {
            map.Add(name, value);
        }

        return map;
    }

    private static string[] Text(HeaderMap map) => [.. Enumerable.Range(0, map.Count).Select(
        i => $"{Encoding.UTF8.GetString(map.NameAt(i))}={Encoding.UTF8.GetString(map.ValueAt(i))}")];

    private static string[] Read(byte[] bytes)
    {
        var pairs = new PairsReader(bytes);
        var read = new List<string>();
        while (pairs.MoveNext())
        {
            read.Add($"{Encoding.UTF8.GetString(pairs.Name)}={Encoding.UTF8.GetString(pairs.Value)}");
        }

        return [.. read];
    }
}
