using Weft.Bpf.Btf;

namespace Weft.Bpf.CoRe;

/// <summary>Finds in a type of the kernel what a relocation names in one of the object's.</summary>
internal static class TargetAccess
{
    /// <returns>The same access in the kernel's type; null where it has none.</returns>
    /// <exception cref="BpfFormatException">The kernel's types are damaged, or too deep.</exception>
    public static AccessPath? Find(CoReKind kind, AccessPath local, CoReTypes kernel, uint candidate, WorkLimit work)
    {
        work.Spend();
        if (kind.IsField())
        {
            return FindField(local, kernel, candidate, work);
        }

        if (kind.IsEnumerator())
        {
            return FindEnumerator(local, kernel, candidate, work);
        }

        var fits = kind == CoReKind.TypeMatches
            ? new TypeMatch(local.Types, kernel, work).Holds(local.Root, candidate)
            : new TypeCompatibility(local.Types, kernel, work).Holds(local.Root, candidate);
        return fits ? new AccessPath(kernel, candidate) : null;
    }

    private static AccessPath? FindField(AccessPath local, CoReTypes kernel, uint candidate, WorkLimit work)
    {
        var path = new AccessPath(kernel, candidate);
        var type = candidate;
        for (var i = 0; i < local.Accessors.Count; i++)
        {
            var step = local.Accessors[i];
            var plain = kernel.OpenPlain(type);
            if (step.IsMember)
            {
                var search = new MemberSearch(local.Types, step, path, work);
                if (!search.Find(plain, 0, 1, out type))
                {
                    return null;
                }
            }
            else if (i > 0 && (plain.Kind != BtfKind.Array || !path.HasElement(plain, step.Index)))
            {
                return null;
            }
            else
            {
                // The first step counts whole values of the type itself: p[1].
                type = kernel.File.Skip(i > 0 ? plain.Element : plain.Id);
                path.AddElement(type, step.Index);
            }
        }

        return path;
    }

    private static AccessPath? FindEnumerator(AccessPath local, CoReTypes kernel, uint candidate, WorkLimit work)
    {
        var type = kernel.OpenPlain(candidate);
        if (!type.IsEnum)
        {
            return null;
        }

        work.Spend(type.Count);
        var wanted = local.Types.Open(local.Last.Type).EnumeratorName(local.Last.Index);
        for (var i = 0; i < type.Count; i++)
        {
            if (local.Types.SameName(wanted, kernel, type.EnumeratorName(i)))
            {
                var path = new AccessPath(kernel, candidate);
                path.AddMember(type.Id, i, 0, 1);
                return path;
            }
        }

        return null;
    }
}
