using System.Buffers;
using System.Text.Json;
using Weft.Bpf;
using Weft.Bpf.Btf;

namespace Weft.Kernel.Tests.Btf;

/// <summary>All that can be asked of types. Damaged ones may refuse it, but in no other way than by one exception.</summary>
internal static class EveryOperation
{
    private static readonly byte[] Value = new byte[96];

    /// <returns>Whether the bytes could be opened.</returns>
    public static bool On(byte[] bytes, BtfSpec? below = null)
    {
        BtfSpec? types = null;
        Try(() => types = BtfSpec.Parse(bytes, below));
        if (types is null)
        {
            return false;
        }

        var name = "task";
        for (var id = 0u; id <= types.EndId; id++)
        {
            var type = id;
            Try(() => types.Get(type));
            Try(() => types.KindOf(type));
            Try(() => name = types.NameOf(type));
            Try(() => types.Skip(type));
            Try(() => types.SizeOf(type));
            Try(() => BtfText.Declaration(types, type));
            Try(() => BtfText.Name(types, type, "it"));
            Try(() => Json(types, type));
        }

        Try(() => Assert.True(types.Find(name).Count() <= types.EndId));
        Try(() => Assert.True(types.FindFlavours(BtfName.Essential(name)).Count() <= types.EndId));
        Try(() => types.Find<BtfComposite>(name, BtfKind.Struct));
        Try(() => types.WriteHeader(TextWriter.Null));
        if (below is null)
        {
            var layout = new BtfLayout { SectionSize = _ => 64, VariableOffset = (_, _) => 0, IsHidden = n => n.Length == 3 };
            Try(() => BtfSanitizer.ForKernel(types, layout));
            Try(() => BtfSanitizer.ForKernel(types, layout, BtfFeatures.None));
        }

        return true;
    }

    private static void Json(BtfSpec types, uint id)
    {
        using var writer = new Utf8JsonWriter(new ArrayBufferWriter<byte>());
        BtfJson.Write(writer, types, id, Value);
    }

    private static void Try(Action operation)
    {
        try
        {
            operation();
        }
        catch (BpfFormatException)
        {
        }
    }
}
