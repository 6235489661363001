namespace Weft.Wasm.Host;

/// <summary>What functions of WASI answer: <c>errno</c> of <c>wasi_snapshot_preview1</c>.</summary>
internal static class WasiErrno
{
    public const int Success = 0;
    public const int BadFile = 8;
    public const int Fault = 21;
    public const int Invalid = 28;
    public const int NoEntry = 44;
    public const int NotImplemented = 52;
    public const int NotDirectory = 20;
    public const int NotSupported = 58;
}
