namespace Weft.Manifests.Yaml;

/// <summary>How much of a file is read at all, so that no file can exhaust the program.</summary>
internal static class YamlLimits
{
    /// <summary>Bytes of a file.</summary>
    public const int MaxFileSize = 4 << 20;

    /// <summary>Lists and maps within each other.</summary>
    public const int MaxDepth = 64;

    /// <summary>Documents in a file.</summary>
    public const int MaxDocuments = 4096;

    /// <summary>Findings reported about a file.</summary>
    public const int MaxFindings = 200;
}
