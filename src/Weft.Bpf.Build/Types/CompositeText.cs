using Weft.Bpf.Btf;
using Weft.Bpf.Build.Text;

namespace Weft.Bpf.Build.Types;

/// <summary>Writes structures and unions, each member at its place, and views of records.</summary>
internal sealed class CompositeText(TypeBinder types, CodeText text)
{
    public void Write(BoundComposite bound)
    {
        var members = Members.Of(types.Types, bound.Type);
        var scope = new NameScope([bound.Name]);
        var runs = members.BitRuns().ToList();
        text.Summary(CText.Title(bound.Type), $", {bound.Type.Size} bytes.");
        text.Line($"[global::System.Runtime.InteropServices.StructLayout(global::System.Runtime.InteropServices.LayoutKind.Explicit, Pack = 1, Size = {bound.Type.Size})]");
        text.Open($"public struct {bound.Name}");
        foreach (var (first, last) in runs)
        {
            text.Line($"[global::System.Runtime.InteropServices.FieldOffset({first})]");
            text.Line($"private {types.Bytes(last - first + 1)} {Bits(first)};");
            text.Line("");
        }

        foreach (var field in members.Fields)
        {
            if (types.Name(field.Type) is { } type)
            {
                text.Summary(CText.Of(types.Types, field.Type, field.Name), $", at byte {field.Offset}.");
                text.Line($"[global::System.Runtime.InteropServices.FieldOffset({field.Offset})]");
                text.Line($"public {type} {scope.Take(field.Name)};");
                text.Line("");
            }
        }

        foreach (var bits in members.Bits.Where(b => b.BitSize <= 64))
        {
            WriteBits(bits, runs.Find(r => r.First <= bits.BitOffset / 8 && bits.BitOffset / 8 <= r.Last).First, scope);
        }

        text.Close();
    }

    public void Write(BoundView bound)
    {
        var members = Members.Of(types.Types, bound.Type);
        var scope = new NameScope([bound.Name, "Bytes", "Value", "Of", "_value"]);
        var title = CText.Title(bound.Type);
        text.Summary(title, " where the kernel wrote it.");
        text.Open($"public readonly ref struct {bound.Name} : global::Weft.Bpf.Bindings.IRecordView<{bound.Name}>");
        text.Line($"private readonly ref readonly {bound.Structure} _value;");
        text.Line("");
        text.Line("/// <param name=\"record\">The record.</param>");
        text.Line("/// <exception cref=\"global::Weft.Bpf.BpfFormatException\">It is too short.</exception>");
        text.Open($"public {bound.Name}(global::System.ReadOnlySpan<byte> record)");
        text.Line($"_value = ref global::Weft.Bpf.Bindings.Layout.Record<{bound.Structure}>(record, {CSharpName.Literal(title)});");
        text.Line("Bytes = record;");
        text.Close();
        text.Line("");
        text.Line("/// <summary>All bytes of the record.</summary>");
        text.Line("public global::System.ReadOnlySpan<byte> Bytes { get; }");
        text.Line("");
        text.Line("/// <summary>The structure; assign it to a variable to copy it.</summary>");
        text.Line($"public ref readonly {bound.Structure} Value => ref _value;");
        Forward(members, bound.Structure, scope);
        text.Line("");
        text.Line("/// <inheritdoc/>");
        text.Line($"public static {bound.Name} Of(global::System.ReadOnlySpan<byte> record) => new(record);");
        text.Close();
    }

    private static string Bits(uint first) => $"_bits{first}";

    // In the order in which the structure takes its names, so that they are the same where they can be.
    private void Forward(Members members, string structure, NameScope scope)
    {
        var names = new NameScope([structure]);
        foreach (var field in members.Fields)
        {
            if (types.Name(field.Type) is { } type)
            {
                var name = names.Take(field.Name);
                var isPlain = types.Types.Get(types.Types.Skip(field.Type)) is not (BtfComposite or BtfArray);
                Member(CText.Of(types.Types, field.Type, field.Name));
                text.Line(isPlain
                    ? $"public {type} {scope.TakeExact(name)} => _value.{name};"
                    : $"public ref readonly {type} {scope.TakeExact(name)} => ref _value.{name};");
            }
        }

        foreach (var bits in members.Bits.Where(b => b.BitSize <= 64))
        {
            if (types.Name(bits.Type) is { } type)
            {
                var name = names.Take(bits.Name);
                Member(BitsText(bits));
                text.Line($"public {type} {scope.TakeExact(name)} => _value.{name};");
            }
        }

        if (members.Flexible is { } rest && types.Name(rest.Type) is { } element)
        {
            Member(CText.Of(types.Types, rest.Type, rest.Name + "[]"));
            var bytes = $"Bytes[{rest.Offset}..]";
            text.Line($"public global::System.ReadOnlySpan<{element}> {scope.Take(rest.Name)} => "
                + (element == "byte" ? bytes : $"global::System.Runtime.InteropServices.MemoryMarshal.Cast<byte, {element}>({bytes})") + ";");
        }
    }

    private void Member(string c)
    {
        text.Line("");
        text.Summary(c);
    }

    private string BitsText(BitField bits) => $"{CText.Of(types.Types, bits.Type, bits.Name)} : {bits.BitSize}";

    private void WriteBits(BitField bits, uint run, NameScope scope)
    {
        if (types.Name(bits.Type) is not { } type)
        {
            return;
        }

        var (first, last) = ((bits.BitOffset / 8) - run, ((bits.BitOffset + bits.BitSize - 1) / 8) - run);
        var place = $"{Bits(run)}[{first}..{last + 1}], {bits.BitOffset % 8}, {bits.BitSize}";
        var isSigned = types.Types.Get(types.Types.Skip(bits.Type)) is BtfInt { IsSigned: true } or BtfEnum { IsSigned: true };
        var get = $"global::Weft.Bpf.Bindings.Layout.Bits({place}, {(isSigned ? "true" : "false")})";
        text.Summary(BitsText(bits), $", at bit {bits.BitOffset}.");
        text.Open($"public {type} {scope.Take(bits.Name)}");
        text.Line(type == "bool" ? $"readonly get => {get} != 0;" : $"readonly get => unchecked(({type}){get});");
        text.Line($"set => global::Weft.Bpf.Bindings.Layout.SetBits({place}, {(type == "bool" ? "value ? 1UL : 0UL" : "unchecked((ulong)value)")});");
        text.Close();
        text.Line("");
    }
}
