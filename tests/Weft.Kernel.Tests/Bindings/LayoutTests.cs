using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Btf;
using Weft.Bpf.Build;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Bindings;

/// <summary>Structures that are written have the layout that the object's types say.</summary>
public sealed class LayoutTests
{
    private static readonly Lazy<(Compiled Bindings, BtfSpec Types)> All = new(() =>
    {
        var file = Clang.Compile("btf_types.bpf.c");
        var settings = new BindingSettings
        {
            ClassName = Compiled.Class,
            IsPublic = true,
            Types = ["struct all", "struct flags", "union address", "struct event", "pair_t", "enum depth", "enum wide", "enum deep"],
        };
        return (Compiled.Of(file, settings), ObjectSpec.Parse(file).Types!);
    });

    [Theory]
    [InlineData("all", "All")]
    [InlineData("flags", "Flags")]
    [InlineData("point", "Point")]
    [InlineData("event", "Event")]
    public void A_structure_has_the_size_and_the_places_of_C(string c, string sharp)
    {
        var (bindings, types) = All.Value;
        var composite = types.Find<BtfComposite>(c, BtfKind.Struct)!;
        var type = bindings.Type(sharp);
        Assert.Equal(composite.Size, (uint)Compiled.SizeOf(type));
        var fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance).ToDictionary(f => f.Name.ToUpperInvariant());
        foreach (var member in composite.Members.Where(m => m.Name.Length > 0 && m.BitSize == 0 && !IsFlexible(types, m)))
        {
            var field = fields[member.Name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant()];
            Assert.Equal((int)member.BitOffset / 8, field.GetCustomAttribute<FieldOffsetAttribute>()!.Value);
            Assert.Equal(types.SizeOf(member.Type), Compiled.SizeOf(field.FieldType));
        }
    }

    [Fact]
    public void Members_of_structures_without_names_are_members()
    {
        var all = All.Value.Bindings.Type("All");
        var (left, right) = (all.GetField("Left")!, all.GetField("Right")!);
        Assert.Equal(typeof(uint), left.FieldType);
        Assert.Equal(
            left.GetCustomAttribute<FieldOffsetAttribute>()!.Value, right.GetCustomAttribute<FieldOffsetAttribute>()!.Value);
    }

    [Theory]
    [InlineData("Big", typeof(long))]
    [InlineData("Tiny", typeof(sbyte))]
    [InlineData("Yes", typeof(bool))]
    [InlineData("Letter", typeof(byte))]
    [InlineData("SingleNumber", typeof(float))]
    [InlineData("DoubleNumber", typeof(double))]
    [InlineData("Where", typeof(ulong))]
    [InlineData("Ahead", typeof(ulong))]
    [InlineData("Callback", typeof(ulong))]
    [InlineData("Huge", typeof(Int128))]
    public void A_member_has_its_type(string field, Type type) =>
        Assert.Equal(type, All.Value.Bindings.Type("All").GetField(field)!.FieldType);

    [Fact]
    public void Enumerations_have_their_values()
    {
        var bindings = All.Value.Bindings;
        Assert.Equal([("Below", -3L), ("Above", 3L)], Values(bindings.Type("Depth")).OrderBy(v => v.Value));
        Assert.Equal([("Lowest", -0x123456789abL), ("Highest", 5L)], Values(bindings.Type("Deep")).OrderBy(v => v.Value));
        Assert.Equal(typeof(ulong), Enum.GetUnderlyingType(bindings.Type("Wide")));
    }

    [Fact]
    public void Bit_fields_are_where_C_has_them()
    {
        var (bindings, types) = All.Value;
        var type = bindings.Type("Flags");
        foreach (var member in types.Find<BtfComposite>("flags", BtfKind.Struct)!.Members)
        {
            var property = type.GetProperty(member.Name == "is_set" ? "IsSet" : char.ToUpperInvariant(member.Name[0]) + member.Name[1..])!;
            var value = Activator.CreateInstance(type)!;
            property.SetValue(value, Ones(property.PropertyType, member.BitSize));
            var bits = new BitArray(Bytes(value));
            Assert.Equal(
                Enumerable.Range((int)member.BitOffset, member.BitSize),
                Enumerable.Range(0, bits.Length).Where(i => bits[i]));
            Assert.Equal(Ones(property.PropertyType, member.BitSize), property.GetValue(value));
        }
    }

    [Fact]
    public void Arrays_of_characters_are_text()
    {
        var type = All.Value.Bindings.Type("Text16");
        var from = type.GetMethod("op_Implicit")!;
        Assert.Equal("weft", from.Invoke(null, ["weft"])!.ToString());
        var error = Assert.Throws<TargetInvocationException>(() => from.Invoke(null, ["sixteen letters!"])).InnerException;
        Assert.Contains("do not fit into 16 bytes", Assert.IsType<ArgumentException>(error).Message, StringComparison.Ordinal);
    }

    private static bool IsFlexible(BtfSpec types, BtfMember member) => types.Get(types.Skip(member.Type)) is BtfArray { Count: 0 };

    private static IEnumerable<(string Name, long Value)> Values(Type type) =>
        Enum.GetNames(type).Select(name => (name, Convert.ToInt64(Enum.Parse(type, name), null)));

    // All bits of a signed field are -1.
    private static object Ones(Type type, int bits) => type.IsEnum
        ? Enum.ToObject(type, (1UL << bits) - 1)
        : type == typeof(bool) ? true : type == typeof(int) ? -1 : Convert.ChangeType((1UL << bits) - 1, type, null);

    private static byte[] Bytes(object value)
    {
        var write = typeof(LayoutTests).GetMethod(nameof(Write), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (byte[])write.MakeGenericMethod(value.GetType()).Invoke(null, [value])!;
    }

    private static byte[] Write<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();
}
