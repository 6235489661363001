namespace Weft.Wasm.Compiling;

/// <summary>Why a callback ended early. The SDK's <c>Faults</c> has the words for each, in this order.</summary>
internal enum FaultKind
{
    Index = 0,
    Division = 1,
    Null = 2,
    Stack = 3,
    Memory = 4,
    Fuel = 5,
    Thrown = 6,
    Kept = 7,
}
