using Weft.Bpf.Assembly;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>Whether a kernel has what is neither a type nor a way to attach.</summary>
internal static unsafe class MiscProbes
{
    private const int ManyInstructions = 4097;
    private const byte JumpIfLess = 0xA5;
    private const byte JumpIfLess32 = 0xA6;
    private const byte JumpIfNotEqual = 0x55;
    private const byte SubtractNumber = 0x17;
    private const byte SwapBytes = 0xD7;
    private const byte StoreNumber = 0x62;

    public static FeatureAnswer Takes(IKernel kernel, params Instruction[] instructions) =>
        Judgement.OfDescriptor(kernel, TinyProgram.Load(kernel, ProgramType.SocketFilter, instructions), "load");

    public static FeatureAnswer TakesTypes(IKernel kernel, uint[] records) =>
        Judgement.OfDescriptor(kernel, TinyTypes.Load(kernel, records), "load");

    public static FeatureAnswer InstructionSetV2(IKernel kernel) =>
        Takes(kernel, TinyProgram.Move(0, 0), new(JumpIfLess, 0, offset: 1, immediate: 1), TinyProgram.Move(0, 1), new(Codes.Exit));

    public static FeatureAnswer InstructionSetV3(IKernel kernel) =>
        Takes(kernel, TinyProgram.Move(0, 0), new(JumpIfLess32, 0, offset: 1, immediate: 1), TinyProgram.Move(0, 1), new(Codes.Exit));

    public static FeatureAnswer InstructionSetV4(IKernel kernel) =>
        Takes(kernel, TinyProgram.Move(0, 1), new(SwapBytes, 0, immediate: 16), new(Codes.Exit));

    public static FeatureAnswer BoundedLoops(IKernel kernel) => Takes(
        kernel, TinyProgram.Move(0, 10), new(SubtractNumber, 0, immediate: 1), new(JumpIfNotEqual, 0, offset: -2), new(Codes.Exit));

    public static FeatureAnswer LargePrograms(IKernel kernel)
    {
        var instructions = new Instruction[ManyInstructions];
        Array.Fill(instructions, TinyProgram.Move(0, 0));
        instructions[^1] = new(Codes.Exit);
        return Takes(kernel, instructions);
    }

    public static FeatureAnswer Names(IKernel kernel, string name) =>
        Judgement.OfDescriptor(kernel, MapProbe.TinyMap(kernel, MapType.Array, name: name), "create");

    public static FeatureAnswer ExpectedAttachType(IKernel kernel) => Judgement.OfDescriptor(
        kernel, TinyProgram.Load(kernel, ProgramType.CgroupSocket, attributes: ProgramProbe.Expecting(AttachType.CgroupInet4PostBind)), "load");

    public static FeatureAnswer MappableArrays(IKernel kernel) =>
        Judgement.OfDescriptor(kernel, MapProbe.TinyMap(kernel, MapType.Array, MapCreateFlags.Mappable), "create");

    public static FeatureAnswer GlobalData(IKernel kernel) => WithMap(kernel, MapType.Array, map => Takes(
        kernel,
        new(Codes.LoadWide, 1, Pseudo.MapValue, immediate: map.Number),
        new(0),
        new(StoreNumber, 1, immediate: 0),
        TinyProgram.Move(0, 0),
        new(Codes.Exit)));

    public static FeatureAnswer Batches(IKernel kernel) => WithMap(kernel, MapType.Hash, map =>
    {
        Span<uint> room = stackalloc uint[4];
        fixed (uint* start = room)
        {
            var attributes = new BatchAttributes
            {
                CursorAfter = (byte*)start,
                Keys = (byte*)(start + 1),
                Values = (byte*)(start + 2),
                Count = 1,
                Map = (uint)map.Number,
            };
            var result = kernel.Call(BpfCommand.MapLookupBatch, ref attributes);
            return result is >= 0 or -Errno.NoEntry ? Judgement.Yes : Judgement.OfError(kernel, (int)-result, "lookup");
        }
    });

    public static FeatureAnswer BindMap(IKernel kernel) => WithMap(
        kernel, MapType.Array, map => AttachProbes.With(kernel, ProgramType.SocketFilter, default, program =>
        {
            var attributes = new IdAttributes { Id = program, Next = (uint)map.Number };
            var result = kernel.Call(BpfCommand.ProgramBindMap, ref attributes);
            return result >= 0 ? Judgement.Yes : Judgement.OfError(kernel, (int)-result, "bind");
        }));

    public static FeatureAnswer ModuleTypes(IKernel kernel)
    {
        var result = TinyTypes.Load(kernel, TinyTypes.Number);
        if (result < 0)
        {
            return Judgement.OfError(kernel, (int)-result, "load");
        }

        using var types = BpfDescriptor.Of(kernel, result, "");
        Span<byte> name = stackalloc byte[64];
        fixed (byte* start = name)
        {
            // Only kernels whose modules have types have names for types.
            var info = new NamedTypesInfo { Name = start, NameSize = (uint)name.Length };
            result = kernel.Info(types, ref info);
            return result >= 0 ? Judgement.Yes : Judgement.OfError(kernel, (int)-result, "info");
        }
    }

    public static FeatureAnswer KernelTypes(IKernel kernel) =>
        FeatureCache.Of(kernel).Targets.HasAny ? Judgement.Yes : new FeatureAnswer.Refused(Errno.NoEntry, "/sys/kernel/btf/vmlinux");

    public static FeatureAnswer Tokens(IKernel kernel)
    {
        var attributes = new IdAttributes { Next = uint.MaxValue };
        return Judgement.OfComplaint(kernel, kernel.Call(BpfCommand.TokenCreate, ref attributes), Errno.BadDescriptor, "create");
    }

    public static FeatureAnswer RunStatistics(IKernel kernel)
    {
        var attributes = default(IdAttributes);
        return Judgement.OfDescriptor(kernel, kernel.Call(BpfCommand.EnableStatistics, ref attributes), "enable");
    }

    private static FeatureAnswer WithMap(IKernel kernel, MapType type, Func<BpfDescriptor, FeatureAnswer> ask)
    {
        var result = MapProbe.TinyMap(kernel, type);
        if (result < 0)
        {
            return Judgement.OfError(kernel, (int)-result, "create");
        }

        using var map = BpfDescriptor.Of(kernel, result, "");
        return ask(map);
    }

    /// <summary><c>struct bpf_btf_info</c> since Linux 5.11.</summary>
    internal struct NamedTypesInfo
    {
        public byte* Bytes;
        public uint Size;
        public uint Id;
        public byte* Name;
        public uint NameSize;
        public uint IsOfKernel;
    }
}
