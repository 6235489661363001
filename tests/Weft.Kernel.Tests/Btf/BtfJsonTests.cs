using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Weft.Bpf;
using Weft.Bpf.Btf;

namespace Weft.Kernel.Tests.Btf;

public sealed class BtfJsonTests
{
    private static readonly BtfSpec Types = ObjectSections.Types("btf_types.bpf.c");

    [Theory]
    [InlineData("big", "fdffffffffffffff", "-3")]
    [InlineData("mask", "ffffffffffffffff", "18446744073709551615")]
    [InlineData("little", "feff", "-2")]
    [InlineData("tiny", "80", "-128")]
    [InlineData("yes", "01", "true")]
    [InlineData("letter", "41", "65")]
    [InlineData("name", "6261736800ff00000000000000000000", "\"bash\"")]
    [InlineData("name", "61616161616161616161616161616161", "\"aaaaaaaaaaaaaaaa\"")]
    [InlineData("name", "ff610000000000000000000000000000", "[-1,97,0,0,0,0,0,0,0,0,0,0,0,0,0,0]")]
    [InlineData("name", "01610000000000000000000000000000", "[1,97,0,0,0,0,0,0,0,0,0,0,0,0,0,0]")]
    [InlineData("raw", "7f000001", "[127,0,0,1]")]
    [InlineData("grid", "010000000200000003000000040000000500000006000000", "[[1,2,3],[4,5,6]]")]
    [InlineData("points", "01000000020000000300000004000000", "[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4}]")]
    [InlineData("address", "7f000001000000000000000000000000", "{\"v4\":16777343,\"v6\":[127,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0]}")]
    [InlineData("color", "05000000", "\"GREEN\"")]
    [InlineData("color", "06000000", "6")]
    [InlineData("depth", "fdffffff", "\"BELOW\"")]
    [InlineData("depth", "feffffff", "-2")]
    [InlineData("wide", "ab89674523010000", "\"LARGE\"")]
    [InlineData("deep", "557698badcfeffff", "\"LOWEST\"")]
    [InlineData("single_number", "0000c03f", "1.5")]
    [InlineData("double_number", "000000000000f03f", "1")]
    [InlineData("double_number", "000000000000f07f", "\"Infinity\"")]
    [InlineData("where", "00c0a50380f8ffff", "\"0xfffff88003a5c000\"")]
    [InlineData("where", "0000000000000000", "\"0x0\"")]
    [InlineData("huge", "ffffffffffffffffffffffffffffffff", "\"-1\"")]
    [InlineData("rest", "0102", "[1,2]")]
    [InlineData("rest", "", "[]")]
    public void Each_member_is_written_by_its_type(string member, string bytes, string json)
    {
        var type = Types.Find<BtfComposite>("all", BtfKind.Struct)!.Members.Single(m => m.Name == member).Type;
        Assert.Equal(json, Json(Types, type, Convert.FromHexString(bytes)));
    }

    [Fact]
    public void Members_of_what_has_no_name_stand_as_if_they_were_its_owners()
    {
        var all = Types.Find<BtfComposite>("all", BtfKind.Struct)!;
        var value = new byte[all.Size + 2];
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan((int)all.Members.Single(m => m.Name == "").BitOffset / 8), 42);
        value[^1] = 9;
        using var json = JsonDocument.Parse(Json(Types, all.Id, value));
        Assert.Equal(42, json.RootElement.GetProperty("inner").GetInt32());
        Assert.Equal(2, json.RootElement.GetProperty("right").GetArrayLength());
        Assert.Equal("[0,9]", json.RootElement.GetProperty("rest").GetRawText());
        Assert.Equal(all.Members.Length + 2, json.RootElement.EnumerateObject().Count());
    }

    [Fact]
    public void An_event_of_a_program_is_written_with_what_follows_it()
    {
        var value = new byte[24];
        (value[0], value[8]) = (7, 99);
        "curl\0"u8.CopyTo(value.AsSpan(12));
        (value[20], value[23]) = (1, 4);
        var id = Types.FindId("event", BtfKind.Struct);
        Assert.Equal("""{"time":7,"pid":99,"comm":"curl","data":[1,0,0,4]}""", Json(Types, id, value));
        Assert.Throws<BpfFormatException>(() => Json(Types, id, value[..19]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bit_fields_are_read_in_both_byte_orders(bool isBigEndian)
    {
        // struct flags { 5, 100, -3, 0x123456789a, true, GREEN } as each machine has it in memory.
        var types = ObjectSections.Types("btf_types.bpf.c", isBigEndian);
        var flags = types.Find<BtfComposite>("flags", BtfKind.Struct)!;
        var value = new byte[flags.Size];
        var next = 0;
        Set(5);
        Set(100);
        Set(-3);
        Set(0x123456789a);
        Set(1);
        Set(5);
        Assert.Equal(
            """{"low":5,"middle":100,"sign":-3,"far":78187493530,"is_set":true,"color":"GREEN"}""", Json(types, flags.Id, value));

        void Set(long number)
        {
            var member = flags.Members[next++];
            for (var bit = 0; bit < member.BitSize; bit++)
            {
                var at = (int)member.BitOffset + bit;
                var set = (number >> (isBigEndian ? member.BitSize - 1 - bit : bit)) & 1;
                value[at / 8] |= (byte)(set << (isBigEndian ? 7 - (at % 8) : at % 8));
            }
        }
    }

    [Fact]
    public void Numbers_of_the_other_byte_order_are_read_as_they_were_meant()
    {
        var types = ObjectSections.Types("btf_types.bpf.c", isBigEndian: true);
        Assert.Equal("""{"x":1,"y":-2}""", Json(types, types.FindId("point", BtfKind.Struct), Convert.FromHexString("00000001fffffffe")));
    }

    [Fact]
    public void Old_bit_fields_are_told_by_their_integer()
    {
        var builder = new BtfBuilder();
        var four = builder.Add(new BtfInt(0, "unsigned int", 4, BtfIntEncoding.None, 4, 0));
        var type = builder.Add(new BtfComposite(0, BtfKind.Struct, "old", 4, [new("low", four, 0, 0), new("high", four, 4, 0)]));
        Assert.Equal("""{"low":2,"high":15}""", Json(BtfSpec.Parse(builder.ToBytes()), type, [0xF2, 0, 0, 0]));
    }

    [Fact]
    public void Variables_of_a_section_are_written_by_name()
    {
        var layout = ObjectSections.Of("btf_types.bpf.c").Layout;
        var types = BtfSpec.Parse(BtfSanitizer.ForKernel(Types, layout));
        Assert.Equal(
            """{"counter":5,"hidden_away":9}""",
            Json(types, types.FindId(".data", BtfKind.DataSection), Convert.FromHexString("0500000009000000")));
    }

    [Fact]
    public void Values_that_have_no_end_are_refused()
    {
        var builder = new BtfBuilder();
        builder.Add(new BtfComposite(0, BtfKind.Union, "", 0, [.. Enumerable.Repeat(new BtfMember("", 2, 0, 0), 1000)]));
        builder.Add(new BtfComposite(0, BtfKind.Union, "", 0, [.. Enumerable.Repeat(new BtfMember("", 1, 0, 0), 1000)]));
        builder.Add(new BtfComposite(0, BtfKind.Struct, "empty", 0, []));
        builder.Add(new BtfArray(0, 3, 3, uint.MaxValue));
        builder.Add(new BtfComposite(0, BtfKind.Union, "", 0, [.. Enumerable.Repeat(new BtfMember("a", 6, 0, 0), 1000)]));
        builder.Add(new BtfComposite(0, BtfKind.Union, "", 0, [.. Enumerable.Repeat(new BtfMember("b", 7, 0, 0), 1000)]));
        builder.Add(new BtfComposite(0, BtfKind.Union, "", 0, [.. Enumerable.Repeat(new BtfMember("c", 3, 0, 0), 1000)]));
        var types = BtfSpec.Parse(builder.ToBytes());
        foreach (var id in (uint[])[1, 4, 5])
        {
            Assert.Throws<BpfFormatException>(() => Json(types, id, []));
        }
    }

    [Fact]
    public void The_second_value_of_a_type_takes_no_memory()
    {
        var id = Types.FindId("all", BtfKind.Struct);
        var value = new byte[Types.SizeOf(id)];
        var json = new BtfJson(Types);
        var target = new ArrayBufferWriter<byte>(1 << 16);
        using var writer = new Utf8JsonWriter(target, new JsonWriterOptions { SkipValidation = true });
        long before = 0;
        for (var i = 0; i < 3; i++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            target.ResetWrittenCount();
            writer.Reset();
            json.Write(writer, id, value);
            writer.Flush();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Json(BtfSpec types, uint type, byte[] value)
    {
        var target = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(target))
        {
            BtfJson.Write(writer, types, type, value);
        }

        return Encoding.UTF8.GetString(target.WrittenSpan);
    }
}
