namespace Weft.Wasm.Compiling.Emit;

/// <summary>The instructions of WebAssembly that the compiler writes; those of i64, f32 and f64 are found by distance.</summary>
internal static class Op
{
    public const int Unreachable = 0x00;
    public const int Block = 0x02;
    public const int Loop = 0x03;
    public const int If = 0x04;
    public const int Else = 0x05;
    public const int End = 0x0b;
    public const int Br = 0x0c;
    public const int BrIf = 0x0d;
    public const int BrTable = 0x0e;
    public const int Return = 0x0f;
    public const int Call = 0x10;
    public const int CallIndirect = 0x11;
    public const int Drop = 0x1a;
    public const int Select = 0x1b;
    public const int LocalGet = 0x20;
    public const int LocalSet = 0x21;
    public const int LocalTee = 0x22;
    public const int GlobalGet = 0x23;
    public const int GlobalSet = 0x24;
    public const int I32Load = 0x28;
    public const int I32Load8U = 0x2d;
    public const int I32Load16U = 0x2f;
    public const int I32Store = 0x36;
    public const int I64Store = 0x37;
    public const int I32Store8 = 0x3a;
    public const int I32Store16 = 0x3b;
    public const int MemorySize = 0x3f;
    public const int MemoryGrow = 0x40;
    public const int I32Const = 0x41;
    public const int I64Const = 0x42;
    public const int F32Const = 0x43;
    public const int F64Const = 0x44;
    public const int Void = 0x40;

    /// <summary>From here on a block's type is the number of a function's type.</summary>
    public const int FirstBlockType = 0x100;

    public const int I32Eqz = 0x45;
    public const int I32Eq = 0x46;
    public const int I32Ne = 0x47;
    public const int I32LtS = 0x48;
    public const int I32LtU = 0x49;
    public const int I32GtS = 0x4a;
    public const int I32GtU = 0x4b;
    public const int I32LeS = 0x4c;
    public const int I32LeU = 0x4d;
    public const int I32GeS = 0x4e;
    public const int I32GeU = 0x4f;
    public const int I64Eqz = 0x50;
    public const int I64Eq = 0x51;
    public const int F32Eq = 0x5b;
    public const int F64Eq = 0x61;

    public const int I32Clz = 0x67;
    public const int I32Ctz = 0x68;
    public const int I32Popcnt = 0x69;
    public const int I32Add = 0x6a;
    public const int I32Sub = 0x6b;
    public const int I32Mul = 0x6c;
    public const int I32DivS = 0x6d;
    public const int I32DivU = 0x6e;
    public const int I32RemS = 0x6f;
    public const int I32RemU = 0x70;
    public const int I32And = 0x71;
    public const int I32Or = 0x72;
    public const int I32Xor = 0x73;
    public const int I32Shl = 0x74;
    public const int I32ShrS = 0x75;
    public const int I32ShrU = 0x76;
    public const int I32Rotl = 0x77;
    public const int I32Rotr = 0x78;

    /// <summary>From an operation of i32 to that of i64: <c>clz</c> to <c>rotr</c>.</summary>
    public const int ToI64 = 0x12;

    /// <summary>From a comparison of i32 to that of i64: <c>eqz</c> to <c>ge_u</c>.</summary>
    public const int CompareToI64 = 0x0b;

    public const int F32Abs = 0x8b;
    public const int F32Neg = 0x8c;
    public const int F32Add = 0x92;

    /// <summary>From an operation of f32 to that of f64: <c>abs</c> to <c>copysign</c>.</summary>
    public const int ToF64 = 0x0e;

    public const int I32WrapI64 = 0xa7;
    public const int I64ExtendI32S = 0xac;
    public const int I64ExtendI32U = 0xad;
    public const int F32ConvertI32S = 0xb2;
    public const int F32DemoteF64 = 0xb6;
    public const int F64ConvertI32S = 0xb7;
    public const int F64PromoteF32 = 0xbb;
    public const int I32ReinterpretF32 = 0xbc;
    public const int I64ReinterpretF64 = 0xbd;
    public const int F32ReinterpretI32 = 0xbe;
    public const int F64ReinterpretI64 = 0xbf;
    public const int I32Extend8S = 0xc0;
    public const int I32Extend16S = 0xc1;

    /// <summary>Before the number of an instruction that came later: saturating conversions, bulk memory.</summary>
    public const int Prefix = 0xfc;
    public const long MemoryCopy = 10;
    public const long MemoryFill = 11;
}
