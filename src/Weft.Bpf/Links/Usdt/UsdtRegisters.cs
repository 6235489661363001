using System.Globalization;

namespace Weft.Bpf;

/// <summary>Where registers lie in the kernel's <c>struct pt_regs</c>.</summary>
internal static class UsdtRegisters
{
    /// <summary>Of x86-64: all names of a register, by its size.</summary>
    public static int? OfX64(string name) => name switch
    {
        "r15" or "r15d" or "r15w" or "r15b" => 0,
        "r14" or "r14d" or "r14w" or "r14b" => 8,
        "r13" or "r13d" or "r13w" or "r13b" => 16,
        "r12" or "r12d" or "r12w" or "r12b" => 24,
        "rbp" or "ebp" or "bp" or "bpl" => 32,
        "rbx" or "ebx" or "bx" or "bl" => 40,
        "r11" or "r11d" or "r11w" or "r11b" => 48,
        "r10" or "r10d" or "r10w" or "r10b" => 56,
        "r9" or "r9d" or "r9w" or "r9b" => 64,
        "r8" or "r8d" or "r8w" or "r8b" => 72,
        "rax" or "eax" or "ax" or "al" => 80,
        "rcx" or "ecx" or "cx" or "cl" => 88,
        "rdx" or "edx" or "dx" or "dl" => 96,
        "rsi" or "esi" or "si" or "sil" => 104,
        "rdi" or "edi" or "di" or "dil" => 112,
        "rip" or "eip" => 128,
        "rsp" or "esp" or "sp" or "spl" => 152,
        _ => null,
    };

    /// <summary>Of arm64: <c>x0</c> to <c>x30</c>, their lower halves <c>w0</c> to <c>w30</c>, and <c>sp</c>.</summary>
    public static int? OfArm64(string name) =>
        name == "sp" ? 31 * 8
        : name.Length is 2 or 3 && name[0] is 'x' or 'w'
            && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 31 ? number * 8
        : null;
}
