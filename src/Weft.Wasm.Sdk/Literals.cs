namespace Weft.Wasm.Sdk.Runtime;

/// <summary>
/// String literals as UTF-8. The compiler puts the bytes of each literal into the module and replaces these calls;
/// what stands here is for the same code on an ordinary runtime, in unit tests.
/// </summary>
internal static class Literals
{
    /// <summary>The text's bytes.</summary>
    [Intrinsic("text.bytes")]
    internal static ReadOnlySpan<byte> Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text ?? "");
}
