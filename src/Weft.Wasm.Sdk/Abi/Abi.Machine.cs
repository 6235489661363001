using System.Runtime.InteropServices;

namespace Weft.Wasm.Sdk;

/// <content>Logs, time, contexts, properties, and what machines share.</content>
internal static unsafe partial class Abi
{
    [DllImport(Host, EntryPoint = "proxy_log")]
    internal static extern int Log(int level, byte* text, int textSize);

    [DllImport(Host, EntryPoint = "proxy_get_log_level")]
    internal static extern int GetLogLevel(int* level);

    [DllImport(Host, EntryPoint = "proxy_get_current_time_nanoseconds")]
    internal static extern int GetCurrentTimeNanoseconds(long* time);

    [DllImport(Host, EntryPoint = "proxy_set_tick_period_milliseconds")]
    internal static extern int SetTickPeriodMilliseconds(int period);

    [DllImport(Host, EntryPoint = "proxy_set_effective_context")]
    internal static extern int SetEffectiveContext(int context);

    [DllImport(Host, EntryPoint = "proxy_done")]
    internal static extern int Done();

    [DllImport(Host, EntryPoint = "proxy_call_foreign_function")]
    internal static extern int CallForeignFunction(
        byte* name, int nameSize, byte* argument, int argumentSize, byte** result, int* resultSize);

    [DllImport(Host, EntryPoint = "proxy_get_property")]
    internal static extern int GetProperty(byte* path, int pathSize, byte** value, int* valueSize);

    [DllImport(Host, EntryPoint = "proxy_set_property")]
    internal static extern int SetProperty(byte* path, int pathSize, byte* value, int valueSize);

    [DllImport(Host, EntryPoint = "proxy_get_shared_data")]
    internal static extern int GetSharedData(byte* key, int keySize, byte** value, int* valueSize, int* cas);

    [DllImport(Host, EntryPoint = "proxy_set_shared_data")]
    internal static extern int SetSharedData(byte* key, int keySize, byte* value, int valueSize, int cas);

    [DllImport(Host, EntryPoint = "proxy_register_shared_queue")]
    internal static extern int RegisterSharedQueue(byte* name, int nameSize, int* queue);

    [DllImport(Host, EntryPoint = "proxy_resolve_shared_queue")]
    internal static extern int ResolveSharedQueue(byte* vm, int vmSize, byte* name, int nameSize, int* queue);

    [DllImport(Host, EntryPoint = "proxy_enqueue_shared_queue")]
    internal static extern int EnqueueSharedQueue(int queue, byte* data, int dataSize);

    [DllImport(Host, EntryPoint = "proxy_dequeue_shared_queue")]
    internal static extern int DequeueSharedQueue(int queue, byte** data, int* dataSize);

    [DllImport(Host, EntryPoint = "proxy_define_metric")]
    internal static extern int DefineMetric(int type, byte* name, int nameSize, int* metric);

    [DllImport(Host, EntryPoint = "proxy_increment_metric")]
    internal static extern int IncrementMetric(int metric, long offset);

    [DllImport(Host, EntryPoint = "proxy_record_metric")]
    internal static extern int RecordMetric(int metric, long value);

    [DllImport(Host, EntryPoint = "proxy_get_metric")]
    internal static extern int GetMetric(int metric, long* value);
}
