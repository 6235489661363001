using System.Collections.Immutable;
using System.Globalization;

namespace Weft.Bpf;

/// <summary>
/// Reads where the arguments of a place are, as assemblers write operands: <c>SIZE@OPERAND</c>, parted by spaces; a size below
/// zero stands for a signed number. What libbpf reads is read.
/// </summary>
internal ref struct UsdtArguments
{
    /// <summary>The most that programs can ask for.</summary>
    public const int Most = 12;

    public const ushort X64 = 62;
    public const ushort Arm64 = 183;

    private readonly string _text;
    private readonly bool _isArm;
    private ReadOnlySpan<char> _rest;

    private UsdtArguments(string text, bool isArm)
    {
        (_text, _isArm) = (text, isArm);
        _rest = text.AsSpan().Trim();
    }

    /// <param name="machine">Whose registers are named: <see cref="X64"/> or <see cref="Arm64"/>.</param>
    /// <exception cref="BpfFormatException">An argument is not known, or there are too many.</exception>
    public static ImmutableArray<UsdtArgument> Parse(string text, ushort machine)
    {
        // What begins with a colon are names alone.
        if (text.StartsWith(':'))
        {
            return [];
        }

        var reader = new UsdtArguments(text, machine == Arm64);
        var all = ImmutableArray.CreateBuilder<UsdtArgument>();
        while (!reader._rest.IsEmpty)
        {
            if (all.Count == Most)
            {
                throw new BpfFormatException($"arguments '{text}' of USDT: there are more than {Most}");
            }

            all.Add(reader.Next());
        }

        return all.ToImmutable();
    }

    private UsdtArgument Next()
    {
        var size = Number();
        if (Math.Abs(Math.Clamp(size, -9, 9)) is not (1 or 2 or 4 or 8) || !Take('@'))
        {
            throw Unknown();
        }

        var argument = _isArm ? Arm() : Intel();
        return argument with { Size = (int)Math.Abs(size), IsSigned = size < 0 };
    }

    private UsdtArgument Intel()
    {
        if (Take('$'))
        {
            return new() { Value = Number() };
        }

        if (_rest.StartsWith('%'))
        {
            return new() { Kind = UsdtArgumentKind.Register, Register = Percent() };
        }

        var offset = _rest.StartsWith('(') ? 0 : Number();
        Must('(');
        var argument = new UsdtArgument { Kind = UsdtArgumentKind.Memory, Value = offset, Register = Percent() };
        if (Take(','))
        {
            var index = Percent();
            var scale = Take(',') ? Number() : 1;
            argument = argument with
            {
                Kind = UsdtArgumentKind.Indexed,
                Index = index,
                Scale = scale switch { 1 => 0, 2 => 1, 4 => 2, 8 => 3, _ => throw Unknown() },
            };
        }

        Must(')');
        return argument;
    }

    private UsdtArgument Arm()
    {
        if (!Take('['))
        {
            return char.IsAsciiLetter(_rest.IsEmpty ? ' ' : _rest[0])
                ? new() { Kind = UsdtArgumentKind.Register, Register = Name() }
                : new() { Value = Number() };
        }

        var argument = new UsdtArgument { Kind = UsdtArgumentKind.Memory, Register = Name() };
        argument = Take(',') ? argument with { Value = Number() } : argument;
        Must(']');
        return argument;
    }

    private int Percent()
    {
        Must('%');
        return Name();
    }

    private int Name()
    {
        var length = 0;
        while (length < _rest.Length && char.IsAsciiLetterOrDigit(_rest[length]))
        {
            length++;
        }

        var name = _rest[..length].ToString();
        Skip(length);
        return (_isArm ? UsdtRegisters.OfArm64(name) : UsdtRegisters.OfX64(name)) ?? throw Unknown();
    }

    private long Number()
    {
        var length = 0;
        while (length < _rest.Length && (char.IsAsciiDigit(_rest[length]) || (length == 0 && _rest[0] is '-' or '+')))
        {
            length++;
        }

        var digits = _rest[..length];

        // Some compilers write the bits of a negative number.
        var isNumber = long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        if (!isNumber && ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
        {
            (isNumber, number) = (true, (long)bits);
        }

        Skip(length);
        return isNumber ? number : throw Unknown();
    }

    private bool Take(char letter)
    {
        var isThere = _rest.StartsWith(letter);
        Skip(isThere ? 1 : 0);
        return isThere;
    }

    private void Must(char letter)
    {
        if (!Take(letter))
        {
            throw Unknown();
        }
    }

    // As libbpf, which lets spaces stand between all parts.
    private void Skip(int count) => _rest = _rest[count..].TrimStart();

    private readonly BpfFormatException Unknown() => new($"arguments '{_text}' of USDT: cannot be read before '{_rest}'");
}
