using System.Text;
using Weft.Bpf.Btf;

namespace Weft.Kernel.Tests.Btf;

public sealed class BtfNameHashTests
{
    [Fact]
    public void A_name_has_one_hash_whether_its_end_is_known_or_must_be_found()
    {
        for (var length = 0; length < 40; length++)
        {
            var name = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, length).Select(i => (char)('A' + i))));
            Assert.True(BtfNameHash.TryScan([.. name, 0, .. "other names"u8], out var hash));
            Assert.Equal(BtfNameHash.Of(name), hash);
        }
    }

    [Fact]
    public void Three_underscores_are_seen_wherever_they_stand()
    {
        for (var before = 0; before < 20; before++)
        {
            var name = new string('a', before);
            Assert.False(BtfNameHash.TryScan(Ended($"{name}___v2"), out _));
            Assert.False(BtfNameHash.TryScan(Ended($"{name}___"), out _));
            Assert.True(BtfNameHash.TryScan(Ended($"{name}__v_2_"), out _));
            Assert.True(BtfNameHash.TryScan(Ended($"{name}__\0_"), out _));
        }
    }

    [Fact]
    public void A_name_without_an_end_nearby_is_left_to_a_closer_look()
    {
        Assert.False(BtfNameHash.TryScan("end"u8, out _));
        Assert.False(BtfNameHash.TryScan("eightsix"u8, out _));
        Assert.False(BtfNameHash.TryScan("eightsix\0"u8, out _));
    }

    private static byte[] Ended(string name) => [.. Encoding.UTF8.GetBytes(name), 0, .. "behind it"u8];
}
