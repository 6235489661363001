using System.Collections.Immutable;
using System.Text;

namespace Weft.Bpf.Btf;

/// <summary>Makes a type of its record.</summary>
internal static class BtfDecoder
{
    private const long MoreNames = 1 << 20;

    public static BtfType Decode(BtfSpec file, uint id, BtfRecord record, BoundedReader tail)
    {
        var names = Names(file);
        var name = Text(file, record.NameAt, ref names);
        var value = record.SizeOrType;
        return record.Kind switch
        {
            BtfKind.Int => Int(id, name, value, tail.UInt32(0)),
            BtfKind.Array => new BtfArray(id, tail.UInt32(0), tail.UInt32(4), tail.UInt32(8)),
            BtfKind.Struct or BtfKind.Union => new BtfComposite(id, record.Kind, name, value, Members(file, record, tail)),
            BtfKind.Enum or BtfKind.Enum64 => new BtfEnum(id, record.Kind, name, value, record.Flag, Values(file, record, tail)),
            BtfKind.Forward => new BtfForward(id, name, record.Flag),
            BtfKind.Function => new BtfFunction(id, name, value, (BtfLinkage)record.Count),
            BtfKind.Prototype => new BtfPrototype(id, value, Parameters(file, record, tail)),
            BtfKind.Variable => new BtfVariable(id, name, value, (BtfLinkage)tail.UInt32(0)),
            BtfKind.DataSection => new BtfDataSection(id, name, value, Variables(record, tail)),
            BtfKind.Float => new BtfFloat(id, name, value),
            BtfKind.DeclarationTag => new BtfDeclarationTag(id, name, value, tail.Int32(0)),
            _ => new BtfReference(id, record.Kind, name, value),
        };
    }

    // The parts of a type have different names. Were one long name that of all of them, it would take all memory.
    private static long Names(BtfSpec file) => file.StringBase + (long)file.Header.StringsSize + MoreNames;

    private static string Text(BtfSpec file, uint at, ref long names)
    {
        var text = file.StringAt(at, BtfNames.Most);
        names -= text.Length;
        return names >= 0 ? Encoding.UTF8.GetString(text) : throw new BpfFormatException("a type has more names than its file");
    }

    private static BtfInt Int(uint id, string name, uint size, uint bits) =>
        new(id, name, size, (BtfIntEncoding)((bits >> 24) & 15), (byte)bits, (byte)(bits >> 16));

    private static ImmutableArray<BtfMember> Members(BtfSpec file, BtfRecord record, BoundedReader tail)
    {
        var names = Names(file);
        var members = ImmutableArray.CreateBuilder<BtfMember>(record.Count);
        for (var at = 0; at < tail.Length; at += 12)
        {
            var place = tail.UInt32(at + 8);
            var (offset, size) = record.Flag ? (place & 0xFFFFFF, (byte)(place >> 24)) : (place, (byte)0);
            members.Add(new(Text(file, tail.UInt32(at), ref names), tail.UInt32(at + 4), offset, size));
        }

        return members.MoveToImmutable();
    }

    private static ImmutableArray<BtfEnumerator> Values(BtfSpec file, BtfRecord record, BoundedReader tail)
    {
        var wide = record.Kind == BtfKind.Enum64;
        var names = Names(file);
        var values = ImmutableArray.CreateBuilder<BtfEnumerator>(record.Count);
        for (var at = 0; at < tail.Length; at += wide ? 12 : 8)
        {
            var low = tail.UInt32(at + 4);
            var value = wide ? low | ((ulong)tail.UInt32(at + 8) << 32) : record.Flag ? (ulong)(int)low : low;
            values.Add(new(Text(file, tail.UInt32(at), ref names), value));
        }

        return values.MoveToImmutable();
    }

    private static ImmutableArray<BtfParameter> Parameters(BtfSpec file, BtfRecord record, BoundedReader tail)
    {
        var names = Names(file);
        var parameters = ImmutableArray.CreateBuilder<BtfParameter>(record.Count);
        for (var at = 0; at < tail.Length; at += 8)
        {
            parameters.Add(new(Text(file, tail.UInt32(at), ref names), tail.UInt32(at + 4)));
        }

        return parameters.MoveToImmutable();
    }

    private static ImmutableArray<BtfSectionVariable> Variables(BtfRecord record, BoundedReader tail)
    {
        var variables = ImmutableArray.CreateBuilder<BtfSectionVariable>(record.Count);
        for (var at = 0; at < tail.Length; at += 12)
        {
            variables.Add(new(tail.UInt32(at), tail.UInt32(at + 4), tail.UInt32(at + 8)));
        }

        return variables.MoveToImmutable();
    }
}
