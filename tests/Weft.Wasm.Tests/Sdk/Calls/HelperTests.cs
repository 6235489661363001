using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Sdk.Calls;

/// <summary>The helpers, which have their own tests under the framework, give the same in wasm.</summary>
public sealed class HelperTests
{
    [Fact]
    public void Texts_hashes_and_patterns_are_the_same_in_wasm() => Twins.Agree(
        """
        static ReadOnlySpan<byte> Some(int n, Span<byte> into)
        {
            ReadOnlySpan<byte> letters = "a=b; c%20d+e&f*?[x-z]{1}\"\\u00e9\n,:0123456789"u8;
            for (var i = 0; i < into.Length; i++) { n = n * 1103515245 + 12345; into[i] = letters[(int)((uint)n >> 16) % letters.Length]; }
            return into;
        }
        static long Sum(ReadOnlySpan<byte> bytes) { long sum = bytes.Length; foreach (var b in bytes) sum = sum * 31 + b; return sum; }
        public static long Hashes(int n, byte size)
        {
            var text = Some(n, stackalloc byte[size]);
            Span<byte> digest = stackalloc byte[32];
            Sha256.Hash(text, digest);
            return Sum(digest) ^ (long)Sha256.Hash64(text) ^ (long)Fnv.Hash64(text) ^ Fnv.Hash32(text) ^ Murmur3.Hash32(text, (uint)n);
        }
        public static long Cookie(int n, byte size)
        {
            var text = Some(n, stackalloc byte[size]);
            long sum = 0;
            foreach (var cookie in new Cookies(text)) sum = sum * 31 + Sum(cookie.Name) * 7 + Sum(cookie.Value);
            return new Cookies(text).TryGet("a"u8, out var value) ? sum + Sum(value) : -sum;
        }
        public static long Queries(int n, byte size)
        {
            Span<byte> decoded = stackalloc byte[256];
            var text = Some(n, stackalloc byte[size]);
            long sum = 0;
            foreach (var pair in new Query(text)) sum = sum * 31 + (Query.TryDecode(pair.Value, decoded, out var length) ? Sum(decoded[..length]) : -1);
            return sum;
        }
        public static bool Globs(int n, byte size) => Glob.IsMatch("*[x-z]*?"u8, Some(n, stackalloc byte[size]));
        public static long Base(int n, byte size)
        {
            Span<byte> encoded = stackalloc byte[400], decoded = stackalloc byte[300];
            var text = Some(n, stackalloc byte[size]);
            return Base64.TryEncode(text, encoded, out var wrote) && Base64.TryDecode(encoded[..wrote], decoded, out var length) ? Sum(decoded[..length]) - Sum(text) : -1;
        }
        public static long Json(int n, byte size)
        {
            Span<byte> text = stackalloc byte[256];
            var writer = new Utf8Writer(text);
            writer.Append("{\"a\":["u8); writer.Append(n); writer.Append(",\"\\u00e9"u8); writer.Append((long)size * n); writer.Append("\",true,null,{\"b\":-1.5e3}]}"u8);
            var json = new JsonCursor(writer.Written);
            long sum = 0;
            while (json.Read()) sum = sum * 31 + (int)json.Token + Sum(json.Value);
            return sum * 31 + (int)json.Token;
        }
        public static long BadJson(int n, byte size)
        {
            var json = new JsonCursor(Some(n, stackalloc byte[size]));
            long sum = 0;
            while (json.Read()) sum = sum * 31 + (int)json.Token;
            return sum * 31 + (int)json.Token;
        }
        """);
}
