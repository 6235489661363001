using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Weft.Model;

/// <summary>The bytes of a WebAssembly module. Modules of the same bytes are equal.</summary>
public sealed class PluginModule : IEquatable<PluginModule>
{
    private PluginModule(ImmutableArray<byte> code, string sha256) => (Code, Sha256) = (code, sha256);

    /// <summary>The SHA-256 of the bytes: 64 small hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>The bytes. They are hashed by <see cref="Sha256"/> alone.</summary>
    [JsonIgnore]
    public ImmutableArray<byte> Code { get; }

    /// <summary>A module of these bytes; they need not be a good one.</summary>
    public static PluginModule Of(ImmutableArray<byte> code) => new(code, Convert.ToHexStringLower(SHA256.HashData(code.AsSpan())));

    /// <inheritdoc/>
    public bool Equals(PluginModule? other) => other?.Sha256 == Sha256;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PluginModule);

    /// <inheritdoc/>
    public override int GetHashCode() => Sha256.GetHashCode(StringComparison.Ordinal);
}
