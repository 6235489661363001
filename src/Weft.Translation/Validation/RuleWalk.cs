using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Translation.Raw;

namespace Weft.Translation.Validation;

/// <summary>One walk over a message: goes only where rules are, and remembers the way for the violations.</summary>
internal sealed class RuleWalk
{
    /// <summary>Messages parsed from bytes are at most 100 levels deep, but each Any starts anew.</summary>
    private const int MaxDepth = 200;

    /// <summary>
    /// An Any in an Any in an Any … adds no step to the way, but costs stack, and a copy of all within.
    /// </summary>
    private const int MaxPacked = 32;

    private readonly List<PathStep> _way = [];
    private int _packed;
    private ImmutableArray<Violation>.Builder? _violations;

    public ImmutableArray<Violation> Violations => _violations?.ToImmutable() ?? [];

    public void Visit(IMessage message)
    {
        if (message is Any any)
        {
            VisitPacked(any);
            return;
        }

        var rules = TypeRules.Of(message.Descriptor);
        if (!rules.Matters)
        {
            return;
        }

        if (_way.Count > MaxDepth)
        {
            Report("lies too deep to be checked");
            return;
        }

        foreach (var oneof in rules.RequiredOneofs)
        {
            if (oneof.Accessor.GetCaseFieldDescriptor(message) is null)
            {
                Report($"one of {string.Join(", ", oneof.Fields.Select(field => field.Name))} is required");
            }
        }

        foreach (var field in rules.Fields)
        {
            field.Check(message, this);
        }
    }

    /// <summary>Runs the checks of one value and goes into it.</summary>
    public void VisitValue(object value, ValueRules rules)
    {
        foreach (var check in rules.Checks)
        {
            if (check(value) is { } broken)
            {
                Report(broken);
            }
        }

        if (rules.Enters && value is IMessage message)
        {
            Visit(message);
        }
    }

    public void Enter(PathStep step) => _way.Add(step);

    public void Leave() => _way.RemoveAt(_way.Count - 1);

    public void Report(string rule)
    {
        _violations ??= ImmutableArray.CreateBuilder<Violation>();
        _violations.Add(Violation.At([.. _way], rule));
    }

    private void VisitPacked(Any any)
    {
        if (any.TypeUrl.Length == 0 || EnvoyTypes.Find(any.TypeUrl) is not { } type || !TypeRules.Of(type).Matters)
        {
            return;
        }

        if (_packed == MaxPacked)
        {
            Report($"must not lie in more than {MaxPacked} Anys");
            return;
        }

        IMessage message;
        try
        {
            message = type.Parser.ParseFrom(any.Value);
        }
        catch (InvalidProtocolBufferException)
        {
            Report($"these bytes are no {type.FullName}");
            return;
        }

        _packed++;
        Visit(message);
        _packed--;
    }
}
