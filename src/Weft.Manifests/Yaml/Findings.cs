using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Manifests.Yaml;

/// <summary>The findings about one document, in the order they were made; no more than a reader can use.</summary>
internal sealed class Findings
{
    private readonly ImmutableArray<Diagnostic>.Builder _found = ImmutableArray.CreateBuilder<Diagnostic>();

    public bool HasErrors { get; private set; }

    public void Error(string code, SourcePosition where, string message, string? fix = null)
    {
        HasErrors = true;
        Add(Diagnostic.Error(code, where, message, fix));
    }

    public void Warning(string code, SourcePosition where, string message, string? fix = null) =>
        Add(Diagnostic.Warning(code, where, message, fix));

    public void Info(string code, SourcePosition where, string message, string? fix = null) =>
        Add(new(code, Severity.Info, where, message, fix));

    public ImmutableArray<Diagnostic> All => _found.ToImmutable();

    private void Add(Diagnostic finding)
    {
        if (_found.Count < YamlLimits.MaxFindings)
        {
            _found.Add(finding);
        }
    }
}
