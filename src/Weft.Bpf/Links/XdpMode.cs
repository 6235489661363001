namespace Weft.Bpf;

/// <summary>Who runs a program on packets that come in, <c>XDP_FLAGS_…</c>.</summary>
public enum XdpMode
{
    /// <summary>The driver where it can, otherwise the kernel.</summary>
    Any = 0,

    /// <summary>The kernel, when packets have their structures: slow, but on every interface.</summary>
    Generic = 2,

    /// <summary>The driver.</summary>
    Driver = 4,

    /// <summary>The device.</summary>
    Device = 8,
}
