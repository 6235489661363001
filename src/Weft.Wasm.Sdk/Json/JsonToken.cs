namespace Weft.Wasm.Sdk;

/// <summary>What a <see cref="JsonCursor"/> has come to.</summary>
public enum JsonToken
{
    /// <summary>Nothing was read yet.</summary>
    None,

    /// <summary>An object begins.</summary>
    ObjectStart,

    /// <summary>An object ends.</summary>
    ObjectEnd,

    /// <summary>An array begins.</summary>
    ArrayStart,

    /// <summary>An array ends.</summary>
    ArrayEnd,

    /// <summary>The name of an object's member; its value follows.</summary>
    Name,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary><c>true</c>.</summary>
    True,

    /// <summary><c>false</c>.</summary>
    False,

    /// <summary><c>null</c>.</summary>
    Null,

    /// <summary>The text has ended, and was right.</summary>
    End,

    /// <summary>The text is no JSON, or nested too deep. It stays so.</summary>
    Error,
}
