using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>What composition has to say: diagnostics for people, conditions for the objects' status.</summary>
internal sealed class Findings
{
    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
    private readonly SortedDictionary<(string Kind, ObjectName Name, string Part), SortedDictionary<string, Condition>> _status = [];
    private readonly HashSet<Diagnostic> _said = [];

    public ImmutableArray<Diagnostic> Diagnostics => _diagnostics.ToImmutable();

    public ImmutableArray<ObjectStatus> Status =>
        [.. _status.Select(s => new ObjectStatus(s.Key.Kind, s.Key.Name, s.Key.Part, [.. s.Value.Values]))];

    /// <summary>A route attaches to several things and would be told the same of each: it is said once.</summary>
    public void Warn(string code, SourcePosition where, string message, string fix)
    {
        var warning = Diagnostic.Warning(code, where, message, fix);
        if (_said.Add(warning))
        {
            _diagnostics.Add(warning);
        }
    }

    /// <summary>Sets a condition. One that does not hold is not undone by a later one that does.</summary>
    public void Set(string kind, ObjectName name, string part, string type, bool holds, string reason, string message = "")
    {
        if (!_status.TryGetValue((kind, name, part), out var conditions))
        {
            _status[(kind, name, part)] = conditions = new(StringComparer.Ordinal);
        }

        if (!conditions.TryGetValue(type, out var former) || former.Holds)
        {
            conditions[type] = new(type, holds, reason, message);
        }
    }
}
