using System.Runtime.InteropServices;

namespace Weft.Wasm.Sdk;

/// <summary>
/// What the proxy offers: proxy-wasm 0.2.1 in the words of its C interface. Each function answers a
/// <see cref="HostStatus"/>; where it gives bytes, they lie in memory that it took from the plugin's allocator.
/// </summary>
internal static unsafe partial class Abi
{
    private const string Host = "env";

    [DllImport(Host, EntryPoint = "proxy_get_header_map_value")]
    internal static extern int GetHeaderMapValue(int map, byte* key, int keySize, byte** value, int* valueSize);

    [DllImport(Host, EntryPoint = "proxy_add_header_map_value")]
    internal static extern int AddHeaderMapValue(int map, byte* key, int keySize, byte* value, int valueSize);

    [DllImport(Host, EntryPoint = "proxy_replace_header_map_value")]
    internal static extern int ReplaceHeaderMapValue(int map, byte* key, int keySize, byte* value, int valueSize);

    [DllImport(Host, EntryPoint = "proxy_remove_header_map_value")]
    internal static extern int RemoveHeaderMapValue(int map, byte* key, int keySize);

    [DllImport(Host, EntryPoint = "proxy_get_header_map_pairs")]
    internal static extern int GetHeaderMapPairs(int map, byte** pairs, int* pairsSize);

    [DllImport(Host, EntryPoint = "proxy_set_header_map_pairs")]
    internal static extern int SetHeaderMapPairs(int map, byte* pairs, int pairsSize);

    [DllImport(Host, EntryPoint = "proxy_get_header_map_size")]
    internal static extern int GetHeaderMapSize(int map, int* size);

    [DllImport(Host, EntryPoint = "proxy_get_buffer_bytes")]
    internal static extern int GetBufferBytes(int buffer, int start, int max, byte** bytes, int* bytesSize);

    [DllImport(Host, EntryPoint = "proxy_get_buffer_status")]
    internal static extern int GetBufferStatus(int buffer, int* size, int* flags);

    [DllImport(Host, EntryPoint = "proxy_set_buffer_bytes")]
    internal static extern int SetBufferBytes(int buffer, int start, int size, byte* bytes, int bytesSize);

    [DllImport(Host, EntryPoint = "proxy_continue_stream")]
    internal static extern int ContinueStream(int stream);

    [DllImport(Host, EntryPoint = "proxy_close_stream")]
    internal static extern int CloseStream(int stream);

    [DllImport(Host, EntryPoint = "proxy_send_local_response")]
    internal static extern int SendLocalResponse(
        int status,
        byte* details,
        int detailsSize,
        byte* body,
        int bodySize,
        byte* headers,
        int headersSize,
        int grpcStatus);
}
