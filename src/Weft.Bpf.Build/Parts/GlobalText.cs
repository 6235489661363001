using Weft.Bpf.Btf;
using Weft.Bpf.Build.Text;
using Weft.Bpf.Build.Types;

namespace Weft.Bpf.Build.Parts;

/// <summary>Writes the members of variables.</summary>
internal sealed class GlobalText(ObjectSpec spec, TypeBinder types, CodeText text)
{
    // Static variables of functions (executed.____fmt), and what only exports a type, are nobody's business.
    private IEnumerable<(VariableSpec Variable, string Type)> Variables =>
        from variable in spec.Variables.Values
        where variable.Type != 0 && variable.Size > 0 && !variable.Name.Contains('.', StringComparison.Ordinal)
        where RecordChoice.Pointed(types.Types, new BtfVariable(0, variable.Name, variable.Type, BtfLinkage.Global)) == 0
        where types.Types.Get(types.Types.Skip(variable.Type)) is not BtfArray { Count: 0 } && types.Types.SizeOf(variable.Type) == variable.Size
        let type = types.Name(variable.Type)
        where type is not null
        select (variable, type);

    public void Specs()
    {
        var scope = new NameScope(["VariableSpecs"]);
        foreach (var (variable, type) in Variables)
        {
            var place = $"spec.Untyped.Variables[{CSharpName.Literal(variable.Name)}]";
            text.Summary(C(variable));
            text.Open($"public {type} {scope.Take(variable.Name)}");
            text.Line($"get => {place}.Get<{type}>();");
            text.Line($"set => {place}.Set(value);");
            text.Close();
            text.Line("");
        }
    }

    public void Live()
    {
        var scope = new NameScope(["LoadedVariables"]);
        foreach (var (variable, type) in Variables)
        {
            var isConstant = spec.Maps.TryGetValue(variable.Map, out var map) && map.Freeze;
            var place = $"({CSharpName.Literal(variable.Map)}, {variable.Offset}";
            text.Summary(C(variable), isConstant ? ", which was set before it was loaded." : "");
            text.Open($"public {type} {scope.Take(variable.Name)}");
            text.Line($"get => loaded.Read<{type}>{place});");
            if (!isConstant)
            {
                text.Line($"set => loaded.Write{place}, value);");
            }

            text.Close();
            text.Line("");
        }
    }

    private string C(VariableSpec variable) => CText.Of(types.Types, variable.Type, variable.Name);
}
