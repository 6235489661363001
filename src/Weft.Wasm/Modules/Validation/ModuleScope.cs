using System.Collections;
using Weft.Wasm.Modules.Reading;

namespace Weft.Wasm.Modules.Validation;

// What instructions may name. Each look-up gives what is there, or the error that it is not.
internal sealed class ModuleScope(WasmModule module)
{
    // The functions that are named outside of bodies; ref.func may name no other.
    private readonly BitArray _declared = new(module.Functions.Length);

    public WasmModule Module => module;

    public int ImportedGlobals { get; } = module.Imports.Count(i => i.Kind == ExternKind.Global);

    public void Declare(uint function)
    {
        if (function < _declared.Length)
        {
            _declared[(int)function] = true;
        }
    }

    public bool IsDeclared(uint function) => _declared[(int)function];

    public FunctionType Type(int at, uint index) =>
        index < module.Types.Length ? module.Types[(int)index] : throw Missing(at, "type", index);

    public ModuleFunction Function(int at, uint index) =>
        index < module.Functions.Length ? module.Functions[(int)index] : throw Missing(at, "function", index);

    public TableType Table(int at, uint index) =>
        index < module.Tables.Length ? module.Tables[(int)index] : throw Missing(at, "table", index);

    public void Memory(int at, uint index)
    {
        if (index >= module.Memories.Length)
        {
            throw Missing(at, "memory", index);
        }
    }

    public GlobalType Global(int at, uint index) =>
        index < module.Globals.Length ? module.Globals[(int)index].Type : throw Missing(at, "global", index);

    public ElementSegment Element(int at, uint index) =>
        index < module.Elements.Length ? module.Elements[(int)index] : throw Missing(at, "element segment", index);

    // Bodies stand before the data, so their number must be announced.
    public void Data(int at, uint index)
    {
        if (index >= (module.DataCount ?? throw ModuleErrors.Malformed(at, "it names a data segment without a data count section")))
        {
            throw Missing(at, "data segment", index);
        }
    }

    private static WasmFormatException Missing(int at, string what, uint index) =>
        ModuleErrors.Invalid(at, $"there is no {what} {index}");
}
