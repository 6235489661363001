namespace Weft.Bpf.CoRe;

/// <summary>Looks in a structure of the kernel for a member by its name, also in the anonymous ones of its members.</summary>
internal readonly ref struct MemberSearch
{
    private readonly CoReTypes _local;
    private readonly MemberRecord _wanted;
    private readonly ReadOnlySpan<byte> _name;
    private readonly AccessPath _path;
    private readonly WorkLimit _work;

    public MemberSearch(CoReTypes local, Accessor wanted, AccessPath path, WorkLimit work)
    {
        _local = local;
        _wanted = local.Open(wanted.Type).Member(wanted.Index);
        _name = local.Text(_wanted.NameAt);
        _path = path;
        _work = work;
    }

    /// <param name="type">Where to look.</param>
    /// <param name="bits">How far that is from the structure that the search began in.</param>
    /// <param name="steps">How many steps its members are from there.</param>
    /// <param name="found">The type of the member that was found, which has been added to the path.</param>
    public bool Find(TypeRecord type, long bits, int steps, out uint found)
    {
        found = 0;
        if (!type.IsComposite)
        {
            return false;
        }

        if (_path.Depth + steps > AccessPath.MaxDepth)
        {
            throw new BpfFormatException($"the kernel's type {type.Id} is too deep");
        }

        _work.Spend(type.Count + 1);
        var kernel = _path.Types;
        for (var i = 0; i < type.Count; i++)
        {
            var member = type.Member(i);
            var name = kernel.Text(member.NameAt);
            if (name.IsEmpty)
            {
                if (Find(kernel.OpenPlain(member.Type), bits + member.BitOffset, steps + 1, out found))
                {
                    return true;
                }
            }
            else if (name.SequenceEqual(_name))
            {
                return Take(type, i, member, bits, steps, out found);
            }
        }

        return false;
    }

    // A member of the right name and the wrong type ends the search in its structure: C allows no other of that name.
    private bool Take(TypeRecord type, int index, MemberRecord member, long bits, int steps, out uint found)
    {
        found = member.Type;
        if (!FieldCompatibility.Holds(_local, _wanted.Type, _path.Types, member.Type, _work))
        {
            return false;
        }

        _path.AddMember(type.Id, index, bits + member.BitOffset, steps);
        return true;
    }
}
