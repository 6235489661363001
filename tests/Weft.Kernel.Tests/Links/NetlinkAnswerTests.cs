using Weft.Bpf;
using Weft.Bpf.Netlink;
using Weft.Testing;

namespace Weft.Kernel.Tests.Links;

public sealed class NetlinkAnswerTests
{
    private const uint Sequence = 7;

    [Fact]
    public void An_error_has_the_words_of_the_kernel()
    {
        Assert.Equal(new NetlinkEnd(-17, "Filter already exists"), NetlinkAnswer.Read(Refusal(), Sequence, (_, _) => { }));
        Assert.Null(NetlinkAnswer.Read(Refusal(), Sequence + 1, (_, _) => { }));
    }

    [Fact]
    public void A_message_shorter_than_its_header_is_refused()
    {
        var error = Assert.Throws<BpfFormatException>(() => NetlinkAnswer.Read(new byte[16], Sequence, (_, _) => { }));
        Assert.Contains("the message at 0 has 0 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void A_damaged_answer_is_read_or_refused()
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        byte[] whole = [.. new NetlinkRequest(44, 0).Nested(2, o => o.Number(11, 5)).ToBytes(Sequence), .. Refusal()];
        for (var i = Soak.Runs(100_000, 20_000_000); i > 0; i--)
        {
            var bytes = whole[..random.Next(whole.Length + 1)];
            for (var change = random.Next(6); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(random.Next(2) == 0 ? 256 : 24);
            }

            try
            {
                NetlinkAnswer.Read(bytes, Sequence, (_, body) => NetlinkAnswer.Find(body, 2));
            }
            catch (BpfFormatException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }
    }

    // An error that is capped, with attributes: the request's header alone follows the code.
    private static byte[] Refusal() => new NetlinkRequest(2, (NetlinkFlags)0x300)
        .Add(-17).Add(default(UInt128)).Text(1, "Filter already exists").ToBytes(Sequence);
}
