using System.Runtime.InteropServices;

namespace Weft.Bpf.Libbpf;

/// <summary>A link of libbpf's. It keeps its object, which links of USDT use until they are gone.</summary>
internal sealed class LibbpfLinkHandle : SafeHandle
{
    private readonly LibbpfObject _owner;

    /// <param name="link">The link, which is destroyed with this.</param>
    public LibbpfLinkHandle(nint link, LibbpfObject owner)
        : base(0, ownsHandle: true)
    {
        SetHandle(link);
        _owner = owner;
        var taken = false;
        owner.DangerousAddRef(ref taken);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        lock (_owner.Gate)
        {
            // What it answers is the error of detaching, of which nobody waits to hear.
            _ = LibbpfCalls.LinkDestroy(handle);
        }

        _owner.DangerousRelease();
        return true;
    }
}
