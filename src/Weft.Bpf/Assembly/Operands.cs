namespace Weft.Bpf.Assembly;

#pragma warning disable CS1591 // They are the machine's names.

/// <summary>The registers: R0 has results, R1 to R5 arguments, R6 to R9 are kept by calls, R10 is where the stack ends.</summary>
public enum Register
{
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    R10,
}

/// <summary>How much is loaded or stored.</summary>
public enum Width
{
    /// <summary>Four bytes.</summary>
    Word = 0,

    /// <summary>Two bytes.</summary>
    Half = 8,

    /// <summary>One byte.</summary>
    Byte = 0x10,

    /// <summary>Eight bytes.</summary>
    Double = 0x18,
}

/// <summary>What is done with a register, and a number or another register.</summary>
public enum Operation
{
    Add = 0,
    Subtract = 0x10,
    Multiply = 0x20,
    Divide = 0x30,
    Or = 0x40,
    And = 0x50,
    ShiftLeft = 0x60,
    ShiftRight = 0x70,
    Negate = 0x80,
    Modulo = 0x90,
    Xor = 0xA0,
    Move = 0xB0,
    ShiftRightSigned = 0xC0,
}

/// <summary>When a jump is taken. Comparisons are unsigned but for those that say otherwise.</summary>
public enum Condition
{
    Equal = 0x10,
    Greater = 0x20,
    GreaterOrEqual = 0x30,

    /// <summary>They have a bit in common.</summary>
    BitsSet = 0x40,
    NotEqual = 0x50,
    GreaterSigned = 0x60,
    GreaterOrEqualSigned = 0x70,
    Less = 0xA0,
    LessOrEqual = 0xB0,
    LessSigned = 0xC0,
    LessOrEqualSigned = 0xD0,
}

/// <summary>What is done in memory at once. Linux 5.12, <see cref="Add"/> always.</summary>
public enum AtomicOperation
{
    Add = 0,
    Or = 0x40,
    And = 0x50,
    Xor = 0xA0,

    /// <summary>Adds, and the register gets what was there before.</summary>
    FetchAdd = 0x01,
    Exchange = 0xE1,

    /// <summary>Stores the register where R0 stood; R0 gets what was there.</summary>
    CompareExchange = 0xF1,
}
