using System.Runtime.InteropServices;

namespace Weft.Bpf.Assembly;

/// <summary>
/// An instruction of eBPF as the kernel has it: eight bytes. A load of 64 bits takes two, of which the second has the upper
/// half of the number and no code.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct Instruction : IEquatable<Instruction>
{
    /// <summary>The code: class, size or operation, mode or source.</summary>
    public byte Code;

    /// <summary>The registers as they lie in memory: the destination in the lower half on a little-endian machine.</summary>
    public byte Registers;

    /// <summary>The offset of a jump, in instructions, or of an address, in bytes.</summary>
    public short Offset;

    /// <summary>The number.</summary>
    public int Immediate;

    /// <param name="code">The code.</param>
    /// <param name="destination">The destination, 0 to 10.</param>
    /// <param name="source">The source, 0 to 10, or what the number stands for.</param>
    /// <param name="offset">The offset.</param>
    /// <param name="immediate">The number.</param>
    public Instruction(byte code, int destination = 0, int source = 0, short offset = 0, int immediate = 0)
    {
        Code = code;
        Registers = (byte)((destination & 15) | (source << 4));
        Offset = offset;
        Immediate = immediate;
    }

    /// <summary>The destination register.</summary>
    public int Destination
    {
        readonly get => Registers & 15;
        set => Registers = (byte)((Registers & 0xF0) | (value & 15));
    }

    /// <summary>The source register, or what the number stands for (<see cref="Pseudo"/>).</summary>
    public int Source
    {
        readonly get => Registers >> 4;
        set => Registers = (byte)((Registers & 15) | (value << 4));
    }

    /// <summary>Whether it is the first half of a load of 64 bits.</summary>
    public readonly bool IsWideLoad => Code == Codes.LoadWide;

    /// <summary>Whether it calls: a helper, a function of the program, or one of the kernel's.</summary>
    public readonly bool IsCall => Code == Codes.Call;

    /// <summary>Whether it calls a function of the program.</summary>
    public readonly bool IsLocalCall => Code == Codes.Call && Source == Pseudo.Call;

    /// <inheritdoc/>
    public static bool operator ==(Instruction left, Instruction right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(Instruction left, Instruction right) => !left.Equals(right);

    /// <inheritdoc/>
    public readonly bool Equals(Instruction other) =>
        Code == other.Code && Registers == other.Registers && Offset == other.Offset && Immediate == other.Immediate;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is Instruction other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Code, Registers, Offset, Immediate);

    /// <inheritdoc/>
    public override readonly string ToString() => $"{Code:x2} {Registers:x2} {Offset:x4} {Immediate:x8}";
}

/// <summary>Codes of instructions that the loader looks for.</summary>
internal static class Codes
{
    public const byte LoadWide = 0x18;
    public const byte Call = 0x85;
    public const byte Exit = 0x95;
    public const byte Jump = 0x05;

    public const int ClassMask = 7;
    public const int Load = 0;
    public const int LoadRegister = 1;
    public const int Store = 2;
    public const int StoreRegister = 3;
    public const int Arithmetic = 4;
    public const int JumpClass = 5;
    public const int Jump32 = 6;
    public const int Arithmetic64 = 7;
    public const int SizeMask = 0x18;
    public const int SizeWord = 0;
    public const int SizeHalf = 8;
    public const int SizeByte = 0x10;
    public const int SizeDouble = 0x18;
    public const int FromRegister = 8;
}

/// <summary>What the number of a wide load or of a call stands for, in its source register.</summary>
internal static class Pseudo
{
    public const int MapDescriptor = 1;
    public const int MapValue = 2;
    public const int BtfId = 3;
    public const int Function = 4;
    public const int Call = 1;
    public const int KernelCall = 2;
}
