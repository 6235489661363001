using System.Runtime.InteropServices;
using System.Text;
using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Links;

/// <summary>Loads a few instructions: the least of a loader, so that links are tested without the real one.</summary>
internal static class TestProgram
{
    public static unsafe BpfProgram Load(
        ProgramType type, Instruction[] code, AttachType attachType = default, uint kernelType = 0, string section = "", string? target = null)
    {
        var log = new byte[65536];
        fixed (Instruction* instructions = code)
        fixed (byte* license = "GPL\0"u8)
        fixed (byte* text = log)
        {
            var attributes = new LoadAttributes
            {
                Type = (uint)type,
                Count = (uint)code.Length,
                Instructions = (ulong)instructions,
                License = (ulong)license,
                LogLevel = 1,
                LogSize = (uint)log.Length,
                Log = (ulong)text,
                AttachType = (uint)attachType,
                KernelType = kernelType,
            };
            var result = LinuxKernel.Instance.Call(BpfCommand.ProgramLoad, ref attributes);
            Assert.True(result >= 0, $"{Errno.Name((int)-result)}: {Encoding.UTF8.GetString(log).TrimEnd('\0')}");
            var descriptor = BpfDescriptor.Of(LinuxKernel.Instance, result, "load");
            return new(LinuxKernel.Instance, descriptor, "test", type, attachType, section, target);
        }
    }

    public static BpfMap Ring(uint size = 4096) =>
        BpfMap.Create(new() { Name = "ring", Type = MapType.RingBuffer, MaxEntries = size });

    [StructLayout(LayoutKind.Sequential)]
    private struct LoadAttributes
    {
        public uint Type;
        public uint Count;
        public ulong Instructions;
        public ulong License;
        public uint LogLevel;
        public uint LogSize;
        public ulong Log;
        public uint KernelVersion;
        public uint Flags;
        public BpfName Name;
        public uint Device;
        public uint AttachType;
        public uint Types;
        public uint FunctionSize;
        public ulong Functions;
        public uint FunctionCount;
        public uint LineSize;
        public ulong Lines;
        public uint LineCount;
        public uint KernelType;
        public uint KernelTypes;
    }
}
