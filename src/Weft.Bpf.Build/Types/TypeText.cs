using System.Globalization;
using Weft.Bpf.Build.Text;

namespace Weft.Bpf.Build.Types;

/// <summary>Writes enumerations and arrays.</summary>
internal static class TypeText
{
    public const string Generated = "[global::System.CodeDom.Compiler.GeneratedCode(\"Weft.Bpf.Build\", null)]";

    public static void Enum(CodeText text, BoundEnum bound)
    {
        var type = bound.Type;
        text.Summary(CText.Title(type));
        text.Open($"public enum {bound.Name} : {Numbers.Of(type.Size, type.IsSigned)}");
        var prefix = type.Name.ToUpperInvariant() + "_";
        var isPrefixed = type.Name.Length > 0 && type.Values.All(v => v.Name.StartsWith(prefix, StringComparison.Ordinal) && v.Name.Length > prefix.Length);
        var scope = new NameScope(["value__"]);
        foreach (var value in type.Values)
        {
            text.Summary(value.Name);
            text.Line($"{scope.Take(isPrefixed ? value.Name[prefix.Length..] : value.Name)} = {Number(value.Value, type.Size, type.IsSigned)},");
        }

        text.Close();
    }

    public static void Array(CodeText text, BoundArray bound)
    {
        var count = bound.Count.ToString(CultureInfo.InvariantCulture);
        var element = bound.IsText ? "char" : bound.Element[(bound.Element.LastIndexOf(':') + 1)..];
        text.Summary(string.Create(CultureInfo.InvariantCulture, $"{element}[{bound.Count}]"), bound.IsText ? ": text that a zero ends. It may be set to a string." : "");
        text.Line($"[global::System.Runtime.CompilerServices.InlineArray({count})]");
        text.Open($"public struct {bound.Name}");
        text.Line($"private {bound.Element} _first;");
        if (bound.IsText)
        {
            text.Line("");
            text.Line("/// <summary>The text.</summary>");
            text.Line("public readonly override string ToString() => global::Weft.Bpf.Bindings.Layout.Text(this);");
            text.Line("");
            text.Line("/// <summary>Text of UTF-8, filled up with zeros.</summary>");
            text.Line("/// <exception cref=\"global::System.ArgumentException\">It does not fit.</exception>");
            text.Open($"public static implicit operator {bound.Name}(string text)");
            text.Line($"var value = default({bound.Name});");
            text.Line("global::Weft.Bpf.Bindings.Layout.SetText(value, text);");
            text.Line("return value;");
            text.Close();
        }

        text.Close();
    }

    // What a damaged object says beyond the size is cut off, as C does it.
    private static string Number(ulong value, uint size, bool isSigned)
    {
        var unused = 64 - ((int)size * 8);
        return isSigned
            ? ((long)(value << unused) >> unused).ToString(CultureInfo.InvariantCulture)
            : (value << unused >> unused).ToString(CultureInfo.InvariantCulture);
    }
}
