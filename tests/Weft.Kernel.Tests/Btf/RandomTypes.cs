using System.Collections.Immutable;
using Weft.Bpf.Btf;

namespace Weft.Kernel.Tests.Btf;

/// <summary>Types of all kinds that lead anywhere: well written, whether or not they make sense.</summary>
internal sealed class RandomTypes(Random random)
{
    private static readonly string[] Names = ["", "a", "task", "task___v2", "pid", "größe", "x.y", "a_rather_long_name_of_a_type"];

    public ImmutableArray<BtfType> Types(uint firstId, int count)
    {
        var end = firstId + (uint)count;
        return [.. Enumerable.Range(0, count).Select(i => Type(firstId + (uint)i, end))];
    }

    private BtfType Type(uint id, uint end) => random.Next(1, 20) switch
    {
        1 => new BtfInt(id, Name(), Number(17), (BtfIntEncoding)random.Next(8), (byte)random.Next(129), (byte)random.Next(8)),
        3 => new BtfArray(id, Id(end), Id(end), Number(5)),
        4 => new BtfComposite(id, BtfKind.Struct, Name(), Number(64), Many(() => new BtfMember(Name(), Id(end), Number(512), Bits()))),
        5 => new BtfComposite(id, BtfKind.Union, Name(), Number(64), Many(() => new BtfMember(Name(), Id(end), 0, Bits()))),
        6 => Enum32(id),
        7 => new BtfForward(id, Name(), random.Next(2) == 0),
        12 => new BtfFunction(id, Name(), Id(end), (BtfLinkage)random.Next(3)),
        13 => new BtfPrototype(id, Id(end), Many(() => new BtfParameter(Name(), Id(end)))),
        14 => new BtfVariable(id, Name(), Id(end), (BtfLinkage)random.Next(3)),
        15 => new BtfDataSection(id, Name(), Number(64), Many(() => new BtfSectionVariable(Id(end), Number(64), Number(16)))),
        16 => new BtfFloat(id, Name(), 1u << random.Next(5)),
        17 => new BtfDeclarationTag(id, Name(), Id(end), random.Next(-1, 3)),
        19 => new BtfEnum(id, BtfKind.Enum64, Name(), 8, random.Next(2) == 0, Many(() => new BtfEnumerator(Name(), (ulong)random.NextInt64()))),
        var kind => new BtfReference(id, (BtfKind)kind, Name(), Id(end)),
    };

    private BtfEnum Enum32(uint id)
    {
        var isSigned = random.Next(2) == 0;
        return new(id, BtfKind.Enum, Name(), 4, isSigned, Many(() =>
        {
            var value = random.Next(int.MinValue, int.MaxValue);
            return new BtfEnumerator(Name(), isSigned ? (ulong)value : (uint)value);
        }));
    }

    private ImmutableArray<T> Many<T>(Func<T> one) => [.. Enumerable.Range(0, random.Next(6)).Select(_ => one())];

    private string Name() => Names[random.Next(Names.Length)];

    private uint Id(uint end) => (uint)random.NextInt64(end);

    private uint Number(int end) => (uint)random.Next(end);

    private byte Bits() => (byte)(random.Next(3) == 0 ? random.Next(64) : 0);
}
