namespace Weft.EndToEnd.Tests.Stage;

/// <summary>
/// A plugin of <c>tiny.wat</c>, made by <c>wat2wasm</c>: it adds to each request its settings as <c>x-tag</c>, and what it
/// knows of the proxy's role. Settings that begin with a field <c>x…</c> it refuses.
/// </summary>
internal static class TinyPlugin
{
    /// <summary>Small enough to stand in a resource.</summary>
    public static byte[] Small { get; } = Convert.FromBase64String(
            "AGFzbQEAAAABLAdgBX9/f39/AX9gBH9/f38Bf2AAAGABfwF/YAJ/fwBgAn9/AX9gA39/fwF/AlgDA2VudhZwcm94eV9nZXRfYnVmZmVyX2J5" +
            "dGVzAAADZW52GnByb3h5X2FkZF9oZWFkZXJfbWFwX3ZhbHVlAAADZW52EnByb3h5X2dldF9wcm9wZXJ0eQABAwcGAgMEBQUGBQMBAAIGCAF/" +
            "AUGAwAALB4sBBwZtZW1vcnkCABdwcm94eV9hYmlfdmVyc2lvbl8wXzJfMQADBm1hbGxvYwAEF3Byb3h5X29uX2NvbnRleHRfY3JlYXRlAAUR" +
            "cHJveHlfb25fdm1fc3RhcnQABhJwcm94eV9vbl9jb25maWd1cmUABxhwcm94eV9vbl9yZXF1ZXN0X2hlYWRlcnMACAriAQYCAAsqAQF/IwAg" +
            "AGpBwKkHSwRAQYDAACQACyMAIQEgASAAQQ9qQXBxaiQAIAELAgALBABBAQtGAEEMQQA2AgBBB0EAQYAIQQBBBBAARQRAQYAIQQAoAgBBBCgC" +
            "APwKAABBDEEEKAIANgIAC0EMKAIARUGCCC0AAEH4AEdyC2MAQQBBEEEFQYAIQQwoAgAQARpBwABBHEEAQQQQAkUEQEEAQRVBB0EAKAIAQQQo" +
            "AgAQARoLQdwAQRZBAEEEEAJFBEBBCEEwQQAoAgAtAABqOgAAQQBBHEELQQhBARABGgtBAAsLVQIAQRALF3gtdGFneC1jbGFzc3gtZGlyZWN0" +
            "aW9uAEHAAAsyeGRzAG5vZGUAbWV0YWRhdGEAd2VmdABjbGFzc3hkcwBsaXN0ZW5lcl9kaXJlY3Rpb24=");

    /// <summary>The same with so much behind it that proxies fetch it: a custom section of five bytes of length.</summary>
    public static byte[] Large(int padding = 70_000)
    {
        var length = padding + 2;
        var leb = Enumerable.Range(0, 5).Select(i => (byte)(((length >> (7 * i)) & 0x7F) | (i < 4 ? 0x80 : 0)));
        return [.. Small, 0, .. leb, 1, (byte)'p', .. new byte[padding]];
    }
}
