using Weft.Bpf.Btf;

namespace Weft.Bpf.CoRe;

/// <summary>
/// Whether a type of the kernel has all that the object's type of that name has: each member with a type that matches, each
/// enumerator, integers of the same size and sign. Behind a pointer only names and kinds of structures are compared, and a
/// declaration stands for its structure.
/// </summary>
internal sealed class TypeMatch(CoReTypes local, CoReTypes kernel, WorkLimit work)
{
    private const int MaxDepth = 32;

    /// <exception cref="BpfFormatException">The types are too deep.</exception>
    public bool Holds(uint localId, uint kernelId) => Holds(localId, kernelId, false, MaxDepth);

    private bool Holds(uint localId, uint kernelId, bool isPointedTo, int level)
    {
        for (var depth = 0; depth < MaxDepth && level > 0; depth++)
        {
            work.Spend();
            var one = local.OpenPlain(localId);
            var other = kernel.OpenPlain(kernelId);
            if (!local.SameName(one.Head.NameAt, kernel, other.Head.NameAt))
            {
                return false;
            }

            switch (one.Kind)
            {
                case BtfKind.Pointer when other.Kind == BtfKind.Pointer:
                    isPointedTo = true;
                    (localId, kernelId) = (one.Target, other.Target);
                    break;
                case BtfKind.Array when other.Kind == BtfKind.Array && one.Length == other.Length:
                    (localId, kernelId) = (one.Element, other.Element);
                    break;
                case BtfKind.Prototype when other.Kind == BtfKind.Prototype && ParametersHold(one, other, isPointedTo, level):
                    (localId, kernelId) = (one.Target, other.Target);
                    break;
                default:
                    return Matches(one, other, isPointedTo, level);
            }
        }

        throw new BpfFormatException("its types are too deep");
    }

    private bool Matches(TypeRecord one, TypeRecord other, bool isPointedTo, int level) => one.Kind switch
    {
        BtfKind.Void => other.Kind == BtfKind.Void,
        BtfKind.Int => other.Kind == BtfKind.Int && one.Head.SizeOrType == other.Head.SizeOrType
            && ((one.Encoding ^ other.Encoding) & BtfIntEncoding.Signed) == 0,
        BtfKind.Enum or BtfKind.Enum64 => other.IsEnum && EnumeratorsHold(one, other),
        BtfKind.Struct or BtfKind.Union when !isPointedTo => one.Kind == other.Kind && MembersHold(one, other, level),
        BtfKind.Struct or BtfKind.Union or BtfKind.Forward => DeclareTheSame(one, other, isPointedTo),
        _ => false,
    };

    private static bool DeclareTheSame(TypeRecord one, TypeRecord other, bool isPointedTo) =>
        (isPointedTo || one.Kind == other.Kind) && DeclaredKind(one) is var kind && kind is not null && kind == DeclaredKind(other);

    private static BtfKind? DeclaredKind(TypeRecord type) => type.Kind switch
    {
        BtfKind.Forward => type.Head.Flag ? BtfKind.Union : BtfKind.Struct,
        BtfKind.Struct or BtfKind.Union => type.Kind,
        _ => null,
    };

    private bool ParametersHold(TypeRecord one, TypeRecord other, bool isPointedTo, int level)
    {
        for (var i = 0; one.Count == other.Count && i < one.Count; i++)
        {
            if (!Holds(one.Parameter(i), other.Parameter(i), isPointedTo, level - 1))
            {
                return false;
            }
        }

        return one.Count == other.Count;
    }

    private bool MembersHold(TypeRecord one, TypeRecord other, int level)
    {
        var holds = one.Count <= other.Count;
        for (var i = 0; holds && i < one.Count; i++)
        {
            holds = HasMember(other, one.Member(i), level);
        }

        return holds;
    }

    private bool HasMember(TypeRecord type, MemberRecord wanted, int level)
    {
        for (var i = 0; i < type.Count; i++)
        {
            work.Spend();
            var member = type.Member(i);
            if (local.SameName(wanted.NameAt, kernel, member.NameAt) && Holds(wanted.Type, member.Type, false, level - 1))
            {
                return true;
            }
        }

        return false;
    }

    private bool EnumeratorsHold(TypeRecord one, TypeRecord other)
    {
        var holds = one.Head.SizeOrType == other.Head.SizeOrType && one.Count <= other.Count;
        for (var i = 0; holds && i < one.Count; i++)
        {
            holds = HasEnumerator(other, one.EnumeratorName(i));
        }

        return holds;
    }

    private bool HasEnumerator(TypeRecord type, uint name)
    {
        work.Spend(type.Count);
        for (var i = 0; i < type.Count; i++)
        {
            if (local.SameName(name, kernel, type.EnumeratorName(i)))
            {
                return true;
            }
        }

        return false;
    }
}
