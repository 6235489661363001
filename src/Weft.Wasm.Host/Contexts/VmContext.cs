namespace Weft.Wasm.Host;

/// <summary>The machine itself, while it starts and while its allocator runs: nobody's callback.</summary>
internal sealed class VmContext(PluginVm vm) : AbiContext(vm)
{
    public override PluginContext? Plugin => null;
}
