namespace Weft.Wasm.Modules.Validation;

// The instructions that have a rule of their own (WebAssembly 2.0, section 5.4). All others are in InstructionTypes.
internal static class Opcode
{
    public const byte Unreachable = 0x00;
    public const byte Nop = 0x01;
    public const byte Block = 0x02;
    public const byte Loop = 0x03;
    public const byte If = 0x04;
    public const byte Else = 0x05;
    public const byte End = 0x0B;
    public const byte Br = 0x0C;
    public const byte BrIf = 0x0D;
    public const byte BrTable = 0x0E;
    public const byte Return = 0x0F;
    public const byte Call = 0x10;
    public const byte CallIndirect = 0x11;
    public const byte Drop = 0x1A;
    public const byte Select = 0x1B;
    public const byte SelectTyped = 0x1C;
    public const byte LocalGet = 0x20;
    public const byte LocalSet = 0x21;
    public const byte LocalTee = 0x22;
    public const byte GlobalGet = 0x23;
    public const byte GlobalSet = 0x24;
    public const byte TableGet = 0x25;
    public const byte TableSet = 0x26;
    public const byte FirstLoad = 0x28;
    public const byte FirstStore = 0x36;
    public const byte LastStore = 0x3E;
    public const byte MemorySize = 0x3F;
    public const byte MemoryGrow = 0x40;
    public const byte I32Const = 0x41;
    public const byte I64Const = 0x42;
    public const byte F32Const = 0x43;
    public const byte F64Const = 0x44;
    public const byte RefNull = 0xD0;
    public const byte RefIsNull = 0xD1;
    public const byte RefFunc = 0xD2;
    public const byte MorePrefix = 0xFC;
    public const byte VectorPrefix = 0xFD;
    public const byte AtomicPrefix = 0xFE;

    // Behind MorePrefix.
    public const uint MemoryInit = 8;
    public const uint DataDrop = 9;
    public const uint MemoryCopy = 10;
    public const uint MemoryFill = 11;
    public const uint TableInit = 12;
    public const uint ElemDrop = 13;
    public const uint TableCopy = 14;
    public const uint TableGrow = 15;
    public const uint TableSize = 16;
    public const uint TableFill = 17;

    // Behind VectorPrefix.
    public const uint V128Const = 12;
    public const uint Shuffle = 13;

    // Which proposal beyond WebAssembly 2.0 an unknown instruction belongs to, as far as it is known.
    public static string? Proposal(byte code) => code switch
    {
        0x06 or 0x07 or 0x08 or 0x09 or 0x0A or 0x18 or 0x19 or 0x1F => "exception handling",
        0x12 or 0x13 or 0x15 => "tail calls",
        0x14 or 0xD3 or 0xD4 or 0xD5 or 0xD6 => "typed function references",
        0xFB => "garbage-collected values",
        AtomicPrefix => "threads",
        _ => null,
    };
}
