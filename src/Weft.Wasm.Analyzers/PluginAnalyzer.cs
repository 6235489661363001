using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Weft.Wasm.Analyzers;

/// <summary>
/// Says while a plugin is written what its compiler would refuse. It looks at the projects that have a plugin, and at those
/// that say so by the property <c>WeftPlugin</c>; at all of their code, though the compiler passes over what nothing calls.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PluginAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => SubsetRules.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        var project = new PluginProject(context.Compilation, context.CancellationToken);
        if (!project.IsLookedAt(context.Options.AnalyzerConfigOptionsProvider.GlobalOptions))
        {
            return;
        }

        ObjectChecks.Register(context);
        TextChecks.Register(context);
        CallChecks.Register(context);
        MemberChecks.Register(context);
        DelegateChecks.Register(context);
        StatementChecks.Register(context);
        TypeChecks.Register(context, project);
        KeepingChecks.Register(context, project);
    }
}
