using System.Buffers;
using System.Text;
using Weft.Wasm.Abi;

namespace Weft.Wasm.Host;

/// <summary>The part of WASI that does something.</summary>
internal static class WasiCalls
{
    private const int MaxOutput = 1024 * 1024;
    private const int MaxParts = 1024;
    private const int MaxRandom = ProxyWasmAbi.MaxRandomBytes;
    private const int Output = 1;
    private const int Error = 2;

    public static int FdWrite(int fd, int parts, int count, int written)
    {
        var vm = PluginVm.CallingAnywhere();
        if (fd is not (Output or Error))
        {
            return WasiErrno.BadFile;
        }

        if ((uint)count > MaxParts)
        {
            return WasiErrno.Invalid;
        }

        var text = new ArrayBufferWriter<byte>();
        if (!TryGather(vm.Memory, parts, count, text))
        {
            return WasiErrno.Fault;
        }

        if (text.WrittenCount > 0)
        {
            var level = fd == Output ? PluginLogLevel.Info : PluginLogLevel.Error;
            var line = text.WrittenSpan;
            vm.Log(vm.Context.Plugin, level, line[^1] == '\n' ? line[..^1] : line);
        }

        return Answer(vm.Memory.TryWrite(written, (uint)text.WrittenCount));
    }

    public static int FdTell(int fd, int offset) => fd is not (Output or Error)
        ? WasiErrno.BadFile
        : Answer(PluginVm.CallingAtStart().Memory.TryWrite(offset, 0ul));

    public static int FdFdstatGet(int fd, int stat)
    {
        // A file that can be written, and nothing else.
        const ulong RightToWrite = 64;
        var memory = PluginVm.CallingAtStart().Memory;
        return fd is not (Output or Error) ? WasiErrno.BadFile : Answer(
            memory.TryWrite(stat, 0ul) && memory.TryWrite(stat + 8, RightToWrite) && memory.TryWrite(stat + 16, 0ul));
    }

    public static int OutputOnly(int fd) => fd is Output or Error ? WasiErrno.Success : WasiErrno.BadFile;

    public static int ClockTimeGet(int clock, long precision, int time)
    {
        var vm = PluginVm.CallingAnywhere();
        return clock is not (0 or 1)
            ? WasiErrno.NotSupported
            : Answer(vm.Memory.TryWrite(time, clock == 0 ? ClockCalls.Now(vm) : ClockCalls.Monotonic(vm)));
    }

    public static int ClockResGet(int clock, int resolution) => clock is not (0 or 1)
        ? WasiErrno.NotSupported
        : Answer(PluginVm.CallingAtStart().Memory.TryWrite(resolution, 1ul));

    public static int RandomGet(int target, int size)
    {
        var vm = PluginVm.CallingAtStart();
        if ((uint)size > MaxRandom)
        {
            return WasiErrno.Invalid;
        }

        if (!vm.Memory.TryGet(target, size, out var bytes))
        {
            return WasiErrno.Fault;
        }

        vm.Environment.FillRandom(bytes);
        return WasiErrno.Success;
    }

    public static int EnvironGet(int addresses, int text)
    {
        var vm = PluginVm.CallingAtStart();
        foreach (var (name, value) in vm.Settings.EnvironmentVariables)
        {
            var variable = Encoding.UTF8.GetBytes($"{name}={value}\0");
            if (!vm.Memory.TryWrite(addresses, (uint)text) || !vm.Memory.TryGet(text, variable.Length, out var target))
            {
                return WasiErrno.Fault;
            }

            variable.CopyTo(target);
            (addresses, text) = (addresses + 4, text + variable.Length);
        }

        return WasiErrno.Success;
    }

    public static int EnvironSizesGet(int count, int size)
    {
        var vm = PluginVm.CallingAtStart();
        var variables = vm.Settings.EnvironmentVariables;
        var bytes = variables.Sum(v => Encoding.UTF8.GetByteCount(v.Key) + Encoding.UTF8.GetByteCount(v.Value) + 2);
        return Answer(vm.Memory.TryWrite(count, (uint)variables.Count) && vm.Memory.TryWrite(size, (uint)bytes));
    }

    public static int ArgsSizesGet(int count, int size)
    {
        var memory = PluginVm.CallingAtStart().Memory;
        return Answer(memory.TryWrite(count, 0u) && memory.TryWrite(size, 0u));
    }

    public static int PollOneoff(int subscriptions, int events, int count, int happened) =>
        Answer(PluginVm.CallingAnywhere().Memory.TryWrite(happened, 0u));

    // It returns, as in Envoy: what follows it in a plugin is a trap.
    public static void ProcExit(int code)
    {
        var vm = PluginVm.Calling();
        vm.Log(vm.Context.Plugin, PluginLogLevel.Error, Encoding.UTF8.GetBytes($"wasi proc_exit({code})"));
    }

    private static bool TryGather(GuestMemory memory, int parts, int count, ArrayBufferWriter<byte> text)
    {
        for (var i = 0; i < count; i++)
        {
            var part = parts + i * 8;
            if (!memory.TryRead(part, out var address) || !memory.TryRead(part + 4, out var size)
                || !memory.TryRead((int)address, (int)size, out var bytes))
            {
                return false;
            }

            // What is more than a line can be is lost, as of any log.
            text.Write(bytes[..Math.Min(bytes.Length, MaxOutput - text.WrittenCount)]);
        }

        return true;
    }

    private static int Answer(bool isDone) => isDone ? WasiErrno.Success : WasiErrno.Fault;
}
