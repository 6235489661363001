using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Links;

/// <summary>Runs a program of type socket filter on a packet of zeros.</summary>
internal static class TestRun
{
    public static unsafe void Repeat(BpfProgram program, int times)
    {
        fixed (byte* packet = new byte[64])
        {
            var attributes = new RunAttributes
            {
                Program = (uint)program.Descriptor.Number,
                InputSize = 64,
                Input = (ulong)packet,
                Repeat = (uint)times,
            };
            var result = LinuxKernel.Instance.Call(BpfCommand.ProgramTestRun, ref attributes);
            Assert.True(result >= 0, Errno.Name((int)-result));
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct RunAttributes
    {
        public uint Program;
        public uint Result;
        public uint InputSize;
        public uint OutputSize;
        public ulong Input;
        public ulong Output;
        public uint Repeat;
        public uint Duration;
    }
}
