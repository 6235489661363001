using System.Text;
using Weft.Bpf;
using Weft.Bpf.Btf;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Btf;

/// <summary>Compiles a header, and looks where the compiler has put what is in it.</summary>
internal static class HeaderComparison
{
    /// <summary>Compares all that has a name.</summary>
    /// <returns>How many structures and unions were compared.</returns>
    public static int Count(BtfSpec types)
    {
        // As the header calls them: what is told apart there has another name than here.
        var names = new BtfHeaderNames(types, []);
        var source = new StringBuilder();
        var wanted = new List<(string Name, BtfKind Kind, uint Id)>();
        for (uint id = 1; id < types.EndId; id++)
        {
            var kind = types.KindOf(id);
            var isNamed = kind is BtfKind.Struct or BtfKind.Union && types.NameOf(id).Length > 0;
            var isTypedef = kind == BtfKind.Typedef && types.Get(((BtfReference)types.Get(id)).Target) is BtfComposite { Name: "" };
            if (isNamed || isTypedef)
            {
                wanted.Add((names.Of(id), kind, id));
                source.Append($"{(isTypedef ? "" : kind == BtfKind.Struct ? "struct " : "union ")}{names.Of(id)} weft_variable_{id};\n");
            }
        }

        var compiled = ObjectSpec.Parse(Compile(types, source.ToString())).Types!;
        List<string> differences = [];
        foreach (var (name, kind, id) in wanted)
        {
            var found = compiled.FindId(name, kind);
            if (found == 0)
            {
                differences.Add($"{name} is missing");
            }
            else
            {
                Compare((BtfComposite)types.Get(types.Skip(id)), types, (BtfComposite)compiled.Get(compiled.Skip(found)), compiled, name, differences);
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} differences: {string.Join("; ", differences.Take(20))}");
        return wanted.Count;
    }

    public static byte[] Compile(BtfSpec types, string source)
    {
        using var header = new StringWriter();
        types.WriteHeader(header);
        return Clang.CompileText(header + source);
    }

    private static void Compare(BtfComposite wanted, BtfSpec types, BtfComposite found, BtfSpec compiled, string path, List<string> differences)
    {
        if (wanted.Size != found.Size)
        {
            differences.Add($"{path} has {found.Size} bytes, not {wanted.Size}");
        }

        var members = found.Members.Where(m => !m.Name.StartsWith("__gap", StringComparison.Ordinal)).ToList();
        if (members.Count != wanted.Members.Length)
        {
            differences.Add($"{path} has {members.Count} members, not {wanted.Members.Length}");
            return;
        }

        foreach (var (a, b) in wanted.Members.Zip(members))
        {
            if ((BtfHeaderNames.Identifier(a.Name), a.BitOffset, a.BitSize) != (b.Name, b.BitOffset, b.BitSize))
            {
                differences.Add($"{path}: {b}, not {a}");
            }

            if (types.Get(types.Skip(a.Type)) is BtfComposite { Name: "" } inner)
            {
                Compare(inner, types, (BtfComposite)compiled.Get(compiled.Skip(b.Type)), compiled, $"{path}.{a.Name}", differences);
            }
        }
    }
}
