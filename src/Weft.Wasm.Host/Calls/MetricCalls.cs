using System.Text;

namespace Weft.Wasm.Host;

/// <summary>Counters, gauges and histograms.</summary>
internal static class MetricCalls
{
    private const int MaxName = 4096;

    public static int Define(int kind, int name, int nameSize, int id)
    {
        var vm = PluginVm.Calling();
        if (!vm.Memory.TryRead(name, nameSize, out var text))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        if ((uint)kind > (uint)MetricKind.Histogram || text.Length > MaxName)
        {
            return (int)AbiStatus.BadArgument;
        }

        var status = vm.Define((MetricKind)kind, Encoding.UTF8.GetString(text), out var number);
        return status == AbiStatus.Ok ? vm.Give(id, number) : (int)status;
    }

    public static int Increment(int id, long offset)
    {
        var status = PluginVm.Calling().Find((uint)id, out var kind, out var metric);
        if (kind >= MetricKind.Histogram || (kind == MetricKind.Counter && status == AbiStatus.Ok && offset <= 0))
        {
            return (int)AbiStatus.BadArgument;
        }

        if (status == AbiStatus.Ok)
        {
            metric.Add(offset);
        }

        return (int)status;
    }

    public static int Record(int id, long value)
    {
        var status = PluginVm.Calling().Find((uint)id, out _, out var metric);
        if (status != AbiStatus.Ok)
        {
            return (int)AbiStatus.NotFound;
        }

        metric.Record((ulong)value);
        return (int)AbiStatus.Ok;
    }

    public static int Get(int id, int value)
    {
        var vm = PluginVm.Calling();
        var status = vm.Find((uint)id, out var kind, out var metric);
        return kind >= MetricKind.Histogram ? (int)AbiStatus.BadArgument
            : status == AbiStatus.Ok ? vm.Give(value, metric.Value)
            : (int)status;
    }
}
