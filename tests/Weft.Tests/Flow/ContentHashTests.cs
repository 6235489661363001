using Weft.Flow;

namespace Weft.Tests.Flow;

public sealed class ContentHashTests
{
    [Fact]
    public void It_is_the_first_half_of_SHA_256() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223", ContentHash.Of("abc"u8).ToString());

    [Fact]
    public void A_sum_does_not_depend_on_the_order_and_can_be_undone()
    {
        var (a, b) = (ContentHash.Of("a"u8), ContentHash.Of("b"u8));
        Assert.Equal(a.Plus(b), b.Plus(a));
        Assert.Equal(a, a.Plus(b).Minus(b));
        Assert.Equal(a, a.Plus(ContentHash.Empty));
    }

    [Fact]
    public void Fields_are_framed_so_that_they_cannot_flow_into_each_other()
    {
        using var hasher = new ContentHasher();
        var hashes = new[]
        {
            hasher.Add("ab").Add("c").Finish(),
            hasher.Add("a").Add("bc").Finish(),
            hasher.Add("abc").Finish(),
            hasher.Add("abc").Add("").Finish(),
            hasher.Add("abc").Add((string?)null).Finish(),
            hasher.Add(["a", "b"], (h, s) => h.Add(s)).Finish(),
            hasher.Add(["a"], (h, s) => h.Add(s)).Add("b").Finish(),
        };
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }
}
