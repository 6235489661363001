using Weft.Bpf.Btf;

namespace Weft.Bpf.CoRe;

/// <summary>Reads what a relocation says about the object's own types.</summary>
internal static class LocalAccess
{
    /// <exception cref="BpfFormatException">The access does not fit the type.</exception>
    public static AccessPath Of(CoReTypes types, CoReRelocation relocation)
    {
        var path = new AccessPath(types, relocation.Type);
        if (relocation.Kind.IsType())
        {
            return relocation.Access == "0" ? path : throw new BpfFormatException("its access to a type is not \"0\"");
        }

        var indexes = AccessString.Parse(relocation.Access);
        if (relocation.Kind.IsEnumerator())
        {
            AddEnumerator(path, indexes);
        }
        else if (relocation.Kind.IsField())
        {
            AddFields(path, indexes);
        }
        else
        {
            throw new BpfFormatException("relocations of this kind are not known");
        }

        return path;
    }

    private static void AddEnumerator(AccessPath path, int[] indexes)
    {
        var type = path.Types.OpenPlain(path.Root);
        if (!type.IsEnum || indexes.Length != 1 || indexes[0] >= type.Count)
        {
            throw new BpfFormatException("there is no such enumerator");
        }

        path.AddMember(type.Id, indexes[0], 0, 1);
    }

    private static void AddFields(AccessPath path, int[] indexes)
    {
        var type = path.Types.OpenPlain(path.Root);
        path.AddElement(type.Id, indexes[0]);
        foreach (var index in indexes.AsSpan(1))
        {
            type = path.Types.OpenPlain(type.IsComposite ? Member(path, type, index) : Element(path, type, index));
        }
    }

    private static uint Member(AccessPath path, TypeRecord type, int index)
    {
        if (index >= type.Count)
        {
            throw new BpfFormatException($"type {type.Id} has no member {index}");
        }

        var member = type.Member(index);
        if (path.Types.Text(member.NameAt).IsEmpty)
        {
            path.Pass(member.BitOffset, 1);
        }
        else
        {
            path.AddMember(type.Id, index, member.BitOffset, 1);
        }

        return member.Type;
    }

    private static uint Element(AccessPath path, TypeRecord type, int index)
    {
        if (type.Kind != BtfKind.Array || !path.HasElement(type, index))
        {
            throw new BpfFormatException($"type {type.Id} ({type.Kind}) has no element {index}");
        }

        var element = path.Types.File.Skip(type.Element);
        path.AddElement(element, index);
        return element;
    }
}
