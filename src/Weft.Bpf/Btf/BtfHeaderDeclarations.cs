using System.Globalization;

namespace Weft.Bpf.Btf;

/// <summary>Declarations of a header: with names that do not clash, and laid out by the compiler as they were.</summary>
internal sealed class BtfHeaderDeclarations(BtfSpec types, BtfHeaderNames names, BtfHeaderLayout layout) : BtfDeclarations(types)
{
    private const int Word = 32;

    protected override string NameOf(uint id) => names.Of(id);

    protected override void Members(BtfComposite type)
    {
        Body(layout.PartsOf(type), part =>
        {
            if (part.Padding is { } padding)
            {
                Append(padding);
            }
            else
            {
                Member(part.Member with { Name = BtfHeaderNames.Identifier(part.Member.Name) });
            }
        });
        Append(layout.IsPacked(type) ? " __attribute__((packed))" : "");
    }

    protected override void Values(BtfEnum type)
    {
        if (type.Values.IsEmpty)
        {
            return;
        }

        Body(type.Values, value => Append($"{names.Take(value.Name)} = {Number(type.IsSigned, value.Value)},"));
        var usual = type.Values.All(v => type.IsSigned ? (long)v.Value == (int)v.Value : v.Value <= uint.MaxValue) ? 4u : 8u;
        Append(type.Size == usual ? "" : type.Size switch
        {
            1 => " __attribute__((mode(QI)))",
            2 => " __attribute__((mode(HI)))",
            8 => " __attribute__((mode(DI)))",
            _ => "",
        });
    }

    private static string Number(bool isSigned, ulong value) => isSigned
        ? (long)value switch
        {
            // C has no number of that size below zero.
            long.MinValue => "-9223372036854775807LL - 1",
            var number when number == (int)number => number.ToString(CultureInfo.InvariantCulture),
            var number => number.ToString(CultureInfo.InvariantCulture) + "LL",
        }
        : value.ToString(CultureInfo.InvariantCulture) + (value >> (Word - 1) == 0 ? "" : value >> Word == 0 ? "U" : "ULL");
}
