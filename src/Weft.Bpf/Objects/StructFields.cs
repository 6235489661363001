using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Bpf;

/// <summary>A field of a structure of C#.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Size">Its bytes.</param>
internal readonly record struct StructField(string Name, int Offset, int Size);

/// <summary>
/// Where the fields of a structure lie. Nothing but memory tells it in all runtimes, ahead-of-time compiled ones too: a field
/// of a copy is set to ones, and where ones are then is its place.
/// </summary>
internal static class StructFields
{
    public const DynamicallyAccessedMemberTypes Needed = DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields;

    /// <summary>The fields in the order of their places; none for what is no structure with fields of its own.</summary>
    public static IReadOnlyList<StructField> Of<[DynamicallyAccessedMembers(Needed)] T>()
        where T : unmanaged
    {
        var type = typeof(T);
        if (type.IsPrimitive || type.IsEnum || type.IsDefined(typeof(InlineArrayAttribute), false))
        {
            return [];
        }

        var places = new List<StructField>();
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (!field.FieldType.IsPointer && !field.FieldType.IsFunctionPointer && OffsetOf<T>(field) is var offset and >= 0)
            {
                places.Add(new(NameOf(field), offset, RuntimeHelpers.SizeOf(field.FieldType.TypeHandle)));
            }
        }

        places.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        return places;
    }

    private static int OffsetOf<T>(FieldInfo field)
        where T : unmanaged
    {
        object copy = default(T);
        var value = field.GetValue(copy)!;
        Unsafe.As<Box>(value).First = 0xFF;
        field.SetValue(copy, value);
        var filled = (T)copy;
        return MemoryMarshal.AsBytes(new Span<T>(ref filled)).IndexOf((byte)0xFF);
    }

    // The field behind a property is called <Port>k__BackingField.
    private static string NameOf(FieldInfo field) =>
        field.Name is ['<', ..] && field.Name.IndexOf('>') is var end and > 1 ? field.Name[1..end] : field.Name;

    // Lies over a boxed value: its first byte is the value's.
    private sealed class Box
    {
        public byte First;
    }
}
