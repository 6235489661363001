namespace Weft.Wasm.Modules.Reading;

// What engines accept though the specification sets no limit: those of V8, where it has one (the WebAssembly
// JavaScript interface lists them under "implementation-defined limits"), which also bound our own memory.
internal static class EngineLimits
{
    public const int Types = 1_000_000;
    public const int Functions = 1_000_000;
    public const int Imports = 1_000_000;
    public const int Exports = 1_000_000;
    public const int Globals = 1_000_000;
    public const int Tables = 100_000;
    public const int TableElements = 10_000_000;
    public const int ElementSegments = 10_000_000;
    public const int DataSegments = 100_000;
    public const int Parameters = 1_000;
    public const int Results = 1_000;
    public const int Locals = 50_000;
    public const int BodyBytes = 7_654_321;
    public const int NameBytes = 100_000;
    public const int BranchTargets = 65_520;

    // Not one of V8's: a module with more custom sections than this only costs memory.
    public const int Sections = 100_000;
}
