namespace Weft.Translation.Raw;

/// <summary>The diagnostics of raw resources.</summary>
internal static class RawCodes
{
    public const string Syntax = "WEFT3001";
    public const string Empty = "WEFT3002";
    public const string OverLimit = "WEFT3003";
    public const string WrongKind = "WEFT3004";
    public const string UnknownField = "WEFT3005";
    public const string UnknownType = "WEFT3006";
    public const string OutOfRange = "WEFT3007";
    public const string BadEnum = "WEFT3008";
    public const string BadDuration = "WEFT3009";
    public const string BadTimestamp = "WEFT3010";
    public const string BadFieldMask = "WEFT3011";
    public const string BadBase64 = "WEFT3012";
    public const string DuplicateKey = "WEFT3013";
    public const string TwoOfOneof = "WEFT3014";
    public const string DuplicateResource = "WEFT3015";
    public const string NoName = "WEFT3016";
    public const string BadTypeKey = "WEFT3017";
    public const string BadBytes = "WEFT3018";
    public const string RuleViolated = "WEFT3019";
    public const string NamesDisagree = "WEFT3020";
    public const string NoResources = "WEFT3021";
    public const string LastGoodKept = "WEFT3022";
    public const string WrapperFieldUnused = "WEFT3023";
}
