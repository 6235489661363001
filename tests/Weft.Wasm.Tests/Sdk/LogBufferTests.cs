using Weft.Wasm.Sdk;

namespace Weft.Wasm.Tests.Sdk;

public sealed class LogBufferTests
{
    [Fact]
    public void A_message_within_a_message_leaves_the_outer_one_as_it_was()
    {
        var outer = LogBuffer.Begin();
        Append("outer "u8);
        var inner = LogBuffer.Begin();
        Append("inner"u8);
        Assert.Equal("inner", Bytes.Text(LogBuffer.End(inner)));
        Append("goes on"u8);
        Assert.Equal("outer goes on", Bytes.Text(LogBuffer.End(outer)));
    }

    [Fact]
    public void A_long_message_is_cut_and_the_next_one_is_whole()
    {
        var start = LogBuffer.Begin();
        Append(new byte[5000]);
        Append("x"u8);
        // Messages that never ended, of other tests here, may have taken the rest.
        Assert.InRange(LogBuffer.End(start).Length, 256, 1024);
        start = LogBuffer.Begin();
        Append("next"u8);
        Assert.Equal("next", Bytes.Text(LogBuffer.End(start)));
    }

    [Fact]
    public void Messages_that_never_ended_do_not_use_the_room_up()
    {
        for (var i = 0; i < 100; i++)
        {
            LogBuffer.Begin();
            Append(new byte[100]);
        }

        var start = LogBuffer.Begin();
        Append(new byte[200]);
        Assert.Equal(200, LogBuffer.End(start).Length);
    }

    private static void Append(ReadOnlySpan<byte> text)
    {
        var part = LogBuffer.Open();
        part.Append(text);
        LogBuffer.Advance(part);
    }
}
