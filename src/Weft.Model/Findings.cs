using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>What composition has to say: diagnostics for people, conditions for the objects' status.</summary>
internal sealed class Findings
{
    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
    private readonly Dictionary<(string Kind, ObjectName Name, string Part), SortedDictionary<string, Condition>> _status = [];
    private readonly HashSet<Diagnostic> _said = [];

    public ImmutableArray<Diagnostic> Diagnostics => _diagnostics.ToImmutable();

    /// <summary>In order of kind, name and part.</summary>
    public ImmutableArray<ObjectStatus> Status =>
    [
        .. _status.Select(s => new ObjectStatus(s.Key.Kind, s.Key.Name, s.Key.Part, [.. s.Value.Values]))
            .OrderBy(s => s.Kind, StringComparer.Ordinal).ThenBy(s => s.Name).ThenBy(s => s.Part, StringComparer.Ordinal),
    ];

    /// <summary>Says what the other ones say.</summary>
    public void Add(Findings other)
    {
        foreach (var diagnostic in other._diagnostics)
        {
            Say(diagnostic);
        }

        foreach (var (of, conditions) in other._status)
        {
            foreach (var condition in conditions.Values)
            {
                Set(of, condition);
            }
        }
    }

    /// <summary>A route attaches to several things and would be told the same of each: it is said once.</summary>
    public void Warn(string code, SourcePosition where, string message, string fix) =>
        Say(Diagnostic.Warning(code, where, message, fix));

    /// <summary>Sets a condition. One that does not hold is not undone by a later one that does.</summary>
    public void Set(string kind, ObjectName name, string part, string type, bool holds, string reason, string message = "") =>
        Set((kind, name, part), new(type, holds, reason, message));

    private void Set((string Kind, ObjectName Name, string Part) of, Condition condition)
    {
        if (!_status.TryGetValue(of, out var conditions))
        {
            _status[of] = conditions = new(StringComparer.Ordinal);
        }

        if (!conditions.TryGetValue(condition.Type, out var former) || former.Holds)
        {
            conditions[condition.Type] = condition;
        }
    }

    private void Say(Diagnostic diagnostic)
    {
        if (_said.Add(diagnostic))
        {
            _diagnostics.Add(diagnostic);
        }
    }
}
