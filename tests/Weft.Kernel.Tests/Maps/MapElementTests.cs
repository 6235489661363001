using Weft.Bpf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Maps;

public sealed class MapElementTests
{
    [Fact]
    public void An_element_is_written_read_and_taken_out()
    {
        Privileged.Require();
        using var map = BpfMap.Create(new() { Name = "t_hash", Type = MapType.Hash, KeySize = 4, ValueSize = 8, MaxEntries = 16 });
        byte[] key = [1, 2, 3, 4];
        byte[] value = [1, 0, 0, 0, 0, 0, 0, 9];
        var read = new byte[8];
        Assert.False(map.TryLookup(key, read));
        Assert.False(map.TryUpdate(key, value, MapUpdate.Existing));
        map.Update(key, value);
        Assert.False(map.TryUpdate(key, value, MapUpdate.NotExisting));
        Assert.True(map.TryLookup(key, read));
        Assert.Equal(value, read);
        var next = new byte[4];
        Assert.True(map.TryNextKey(default, next));
        Assert.Equal(key, next);
        Assert.False(map.TryNextKey(key, next));
        Assert.True(map.TryLookupAndDelete(key, read));
        Assert.False(map.TryDelete(key));
        Assert.Equal(Errno.NoEntry, Assert.Throws<KernelException>(() => map.Delete(key)).Errno);
    }
}
