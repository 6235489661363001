using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>A structure of operations as kernels before 6.4 have it: attached while its map has a value.</summary>
/// <param name="map">The map, which goes with this.</param>
internal sealed class StructOpsLink(BpfMap map, string hook) : BpfLink(map.Kernel, null, hook)
{
    public override LinkInfo Info => throw NoLink("info");

    private protected override void PinTo(string path) => throw NoLink("pin");

    private protected override void Replace(BpfProgram program) => throw NoLink("update");

    // Once it has no value, disposing of it finds none.
    private protected override void LetGo() => map.TryDelete(stackalloc byte[sizeof(uint)]);

    private protected override void Release()
    {
        // Sockets that use it do so until they are closed.
        map.Ask(BpfCommand.MapDeleteElement, stackalloc byte[sizeof(uint)], default, 0);
        map.Dispose();
    }

    private BpfNotSupportedException NoLink(string what) =>
        new($"{Hook}: link {what}: it is attached without a link; put it into .struct_ops.link (Linux 6.4)");
}
