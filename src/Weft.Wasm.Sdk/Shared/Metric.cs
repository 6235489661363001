namespace Weft.Wasm.Sdk;

/// <summary>
/// What the three kinds of metric do. The host's numbers begin with 0, so one more is kept: a field that was never set
/// is then no metric, rather than the first counter.
/// </summary>
internal static unsafe class Metric
{
    internal static uint Define(int type, Text name)
    {
        int id = 0, status;
        fixed (byte* n = name.Bytes)
        {
            status = Abi.DefineMetric(type, n, name.Length, &id);
        }

        return status == 0 ? (uint)id + 1 : 0;
    }

    internal static HostStatus Add(uint metric, long difference) =>
        metric == 0 ? HostStatus.NotFound : (HostStatus)Abi.IncrementMetric((int)(metric - 1), difference);

    internal static HostStatus Record(uint metric, long value) =>
        metric == 0 ? HostStatus.NotFound : (HostStatus)Abi.RecordMetric((int)(metric - 1), value);

    internal static long Get(uint metric)
    {
        long value = 0;
        if (metric != 0)
        {
            _ = Abi.GetMetric((int)(metric - 1), &value);
        }

        return value;
    }
}
