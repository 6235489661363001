namespace Weft.Bpf;

/// <content>The memory of an arena.</content>
public sealed partial class BpfMap
{
    private readonly Lock _mapping = new();
    private BpfArena? _arena;

    /// <summary>
    /// The memory of an arena (Linux 6.9), which is mapped into this process once, and until this map is disposed: at
    /// <see cref="MapSpec.Extra"/>, or where the kernel chooses. For several processes it must have such an address.
    /// </summary>
    /// <exception cref="InvalidOperationException">The map is no arena.</exception>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public BpfArena Arena
    {
        get
        {
            lock (_mapping)
            {
                return _arena ??= new(this);
            }
        }
    }
}
