using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Type = Google.Protobuf.Reflection.FieldType;

namespace Weft.Tests.Translation.Raw;

/// <summary>Random messages of any type, such as JSON can say.</summary>
internal sealed class RandomMessages(Random dice)
{
    /// <summary>Every type that a resource may hold.</summary>
    public static IReadOnlyList<MessageDescriptor> Types { get; } = [.. Weft.EnvoyApi.EnvoyApi.Files
        .Where(file => file.Package.Split('.')[0] is "envoy" or "xds")
        .SelectMany(file => file.MessageTypes)
        .SelectMany(type => type.NestedTypes.Prepend(type))
        .Where(type => type.GetOptions() is not { MapEntry: true })];

    public IMessage Make(MessageDescriptor type, int depth)
    {
        switch (type.FullName)
        {
            case "google.protobuf.Any":
                return depth > 0 ? Any.Pack(Make(Types[dice.Next(Types.Count)], Math.Min(depth - 1, 1))) : new Any();
            case "google.protobuf.Duration":
                return Duration.FromTimeSpan(TimeSpan.FromTicks(dice.NextInt64(-1_000_000_000, 1_000_000_000_000)));
            case "google.protobuf.Timestamp":
                return new Timestamp { Seconds = dice.NextInt64(0, 10_000_000_000), Nanos = dice.Next(1_000_000_000) };
            case "google.protobuf.FieldMask":
                return new FieldMask { Paths = { "foo_bar", "a.b_c" } };
            case "google.protobuf.Value":
                return MakeValue(depth);
            default:
                return MakeFields(type, depth);
        }
    }

    private Value MakeValue(int depth) => dice.Next(depth > 0 ? 6 : 4) switch
    {
        0 => Value.ForNull(),
        1 => Value.ForBool(dice.Next(2) == 0),
        2 => Value.ForNumber(dice.NextDouble() * 1e6),
        3 => Value.ForString(Text()),
        4 => Value.ForList(MakeValue(depth - 1), MakeValue(depth - 1)),
        _ => Value.ForStruct(new Struct { Fields = { ["k" + Text()] = MakeValue(depth - 1) } }),
    };

    private IMessage MakeFields(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            var isDeep = field.FieldType == Type.Message && depth == 0;
            if (isDeep || dice.Next(field.RealContainingOneof is null ? 2 : 3) == 0)
            {
                continue;
            }

            if (field.IsMap)
            {
                var map = (IDictionary)field.Accessor.GetValue(message);
                map[MakeKey(field.MessageType.FindFieldByNumber(1))] = MakeOne(field.MessageType.FindFieldByNumber(2), depth);
            }
            else if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                list.Add(MakeOne(field, depth));
                list.Add(MakeOne(field, depth));
            }
            else
            {
                field.Accessor.SetValue(message, MakeOne(field, depth));
            }
        }

        return message;
    }

    // The formatter refuses an empty key of a Struct.
    private object MakeKey(FieldDescriptor field) =>
        field.FieldType == Type.String ? "k" + Text() : MakeOne(field, 0);

    private object MakeOne(FieldDescriptor field, int depth) => field.FieldType switch
    {
        Type.Message when field.MessageType.File == WrappersReflection.Descriptor =>
            MakeOne(field.MessageType.FindFieldByNumber(1), depth),
        Type.Message => Make(field.MessageType, depth - 1),
        Type.Enum => field.EnumType.Values[dice.Next(field.EnumType.Values.Count)].Number,
        Type.String => Text(),
        Type.Bytes => ByteString.CopyFrom(dice.Next(2) == 0 ? [] : [0, 255, (byte)dice.Next(256)]),
        Type.Bool => dice.Next(2) == 0,
        Type.Double => dice.Next(4) switch { 0 => double.NaN, 1 => double.NegativeInfinity, 2 => 1e300, _ => dice.NextDouble() },
        Type.Float => dice.Next(3) switch { 0 => float.PositiveInfinity, 1 => float.MaxValue, _ => dice.NextSingle() },
        Type.Int32 or Type.SInt32 or Type.SFixed32 => dice.Next(int.MinValue, int.MaxValue),
        Type.UInt32 or Type.Fixed32 => (uint)dice.NextInt64(0, 1L << 32),
        Type.Int64 or Type.SInt64 or Type.SFixed64 => dice.NextInt64(long.MinValue, long.MaxValue),
        _ => (ulong)dice.NextInt64(long.MinValue, long.MaxValue),
    };

    private string Text()
    {
        string[] texts =
        [
            "", "x", "true", "null", "12", "0755", "~", "a b: c", "\"q\"\\",
            "é😀", "line\nline", "\u0001\u007f", "- x", "*a", "#c", "<&>",
        ];
        return texts[dice.Next(texts.Length)];
    }
}
