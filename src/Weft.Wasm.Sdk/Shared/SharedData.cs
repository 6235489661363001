namespace Weft.Wasm.Sdk;

/// <summary>Values that all workers of the proxy share, and all plugins whose machines have the same id.</summary>
public static unsafe class SharedData
{
    /// <summary>Reads a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value, gone after the callback; empty where there is none.</param>
    /// <param name="cas">The value's version, for <see cref="Set"/>.</param>
    /// <returns>Whether there is a value.</returns>
    public static bool TryGet(scoped Text key, out ReadOnlySpan<byte> value, out uint cas)
    {
        byte* bytes = null;
        int size = 0, version = 0, status;
        fixed (byte* k = key.Bytes)
        {
            status = Abi.GetSharedData(k, key.Length, &bytes, &size, &version);
        }

        value = new ReadOnlySpan<byte>(bytes, size);
        cas = (uint)version;
        return status == 0;
    }

    /// <summary>Writes a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value.</param>
    /// <param name="cas">The version that it had when it was read; 0 writes in any case.</param>
    /// <returns><see cref="HostStatus.CasMismatch"/> where another has written since.</returns>
    public static HostStatus Set(Text key, Text value, uint cas = 0)
    {
        fixed (byte* k = key.Bytes, v = value.Bytes)
        {
            return (HostStatus)Abi.SetSharedData(k, key.Length, v, value.Length, (int)cas);
        }
    }
}
