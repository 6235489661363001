using System.Collections.Immutable;
using Weft.Bpf.Btf;

namespace Weft.Bpf;

/// <summary>
/// How a program wants to be told where arguments are: the value of its map <c>__bpf_usdt_specs</c>. Headers of libbpf before
/// 1.7 and after it put the members to other places, so that their offsets are taken of the program's own types.
/// </summary>
internal sealed class UsdtLayout
{
    private const string Structure = "__bpf_usdt_spec";

    private readonly BtfSpec _types;
    private readonly BtfComposite _value;
    private readonly BtfComposite _argument;
    private readonly uint _arguments;
    private readonly uint _argumentSize;

    private UsdtLayout(BpfMap map)
    {
        _types = map.Spec.Types ?? throw Unknown();
        _value = _types.Get(_types.Skip(map.Spec.ValueType)) as BtfComposite ?? throw Unknown();
        var array = Member(_value, "args");
        _arguments = array.BitOffset / 8;
        _argument = _types.Get(_types.Skip(array.Type)) is BtfArray { Count: UsdtArguments.Most } all
            && _types.Get(_types.Skip(all.Element)) is BtfComposite one ? one : throw Unknown();
        _argumentSize = _argument.Size;
        Size = _value.Size;
        if (Size != map.ValueSize || _arguments + (UsdtArguments.Most * (long)_argumentSize) > Size)
        {
            throw Unknown();
        }
    }

    /// <summary>Bytes of a value.</summary>
    public uint Size { get; }

    /// <exception cref="BpfFormatException">The map is not what <c>usdt.bpf.h</c> makes.</exception>
    public static UsdtLayout Of(BpfMap map) => new(map);

    /// <summary>The value for a place.</summary>
    /// <exception cref="BpfNotSupportedException">The program's header is older than a kind of argument.</exception>
    public byte[] Value(ImmutableArray<UsdtArgument> arguments, ulong cookie)
    {
        var value = new byte[Size];
        for (var i = 0; i < arguments.Length; i++)
        {
            Write(value.AsSpan((int)(_arguments + (i * _argumentSize)), (int)_argumentSize), arguments[i]);
        }

        Put(value, _value, "usdt_cookie", cookie);
        Put(value, _value, "arg_cnt", (ulong)arguments.Length);
        return value;
    }

    private void Write(Span<byte> target, UsdtArgument argument)
    {
        Put(target, _argument, "val_off", (ulong)argument.Value);
        Put(target, _argument, "arg_type", (ulong)argument.Kind);
        Put(target, _argument, "reg_off", (ulong)argument.Register);
        Put(target, _argument, "arg_signed", argument.IsSigned ? 1ul : 0);
        Put(target, _argument, "arg_bitshift", (ulong)(64 - (argument.Size * 8)));
        if (argument.Kind == UsdtArgumentKind.Indexed)
        {
            if (!_argument.Members.Any(m => m.Name == "idx_reg_off"))
            {
                throw new BpfNotSupportedException(
                    "the place has an argument in memory with an index, which programs read that are compiled with usdt.bpf.h of libbpf 1.7 or later");
            }

            Put(target, _argument, "idx_reg_off", (ulong)argument.Index);
            Put(target, _argument, "scale_bitshift", (ulong)argument.Scale);
        }
    }

    // Bit by bit: some are bit fields, and this is not done often.
    private void Put(Span<byte> target, BtfComposite composite, string name, ulong value)
    {
        var member = Member(composite, name);
        var bits = member.BitSize != 0 ? member.BitSize : _types.SizeOf(member.Type) * 8;
        if (bits > 64 || member.BitOffset + bits > target.Length * 8L)
        {
            throw Unknown();
        }

        for (var i = 0; i < bits; i++)
        {
            var at = (int)member.BitOffset + i;
            target[at / 8] |= (byte)((value >> i & 1) << (at % 8));
        }
    }

    private static BtfMember Member(BtfComposite composite, string name) =>
        composite.Members.FirstOrDefault(m => m.Name == name) is { Name: not null } member ? member : throw Unknown();

    private static BpfFormatException Unknown() =>
        new($"the values of map {UsdtMaps.Specs} are no struct {Structure} of bpf/usdt.bpf.h, compiled with types (clang -g)");
}
