namespace Weft.Wasm.Tests.Modules;

/// <summary>Where Weft and another validator judge differently, and why that is right.</summary>
internal static class Differs
{
    public static bool ByDesign(string? ours, string? theirs) => false;
}
