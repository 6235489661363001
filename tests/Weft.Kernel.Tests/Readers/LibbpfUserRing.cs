using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Readers;

/// <summary>libbpf's writer of the same ring.</summary>
internal sealed unsafe partial class LibbpfUserRing : IDisposable
{
    private const string Library = "libbpf.so.1";

    private readonly nint _ring;

    public LibbpfUserRing(BpfMap map)
    {
        Libbpf.Require();
        _ring = New(map.Descriptor.Number, 0);
        Assert.NotEqual(0, _ring);
    }

    /// <summary>Writes a record; false where there is no room.</summary>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        var place = Reserve(_ring, (uint)bytes.Length);
        if (place == 0)
        {
            return false;
        }

        bytes.CopyTo(new Span<byte>((void*)place, bytes.Length));
        Submit(_ring, place);
        return true;
    }

    public void Dispose() => Free(_ring);

    [LibraryImport(Library, EntryPoint = "user_ring_buffer__new")]
    private static partial nint New(int map, nint options);

    [LibraryImport(Library, EntryPoint = "user_ring_buffer__reserve")]
    private static partial nint Reserve(nint ring, uint size);

    [LibraryImport(Library, EntryPoint = "user_ring_buffer__submit")]
    private static partial void Submit(nint ring, nint record);

    [LibraryImport(Library, EntryPoint = "user_ring_buffer__free")]
    private static partial void Free(nint ring);
}
