namespace Weft.Wasm.Compiling;

/// <summary>The numbers of the module's globals.</summary>
internal static class Globals
{
    /// <summary>The top of the stack in linear memory; it grows down.</summary>
    public const uint StackPointer = 0;

    /// <summary>Why the callback ended: 0 while it goes on.</summary>
    public const uint Fault = 1;

    /// <summary>How many turns of loops are left to the callback.</summary>
    public const uint Fuel = 2;
}
