using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Admin;

namespace Weft.Preview;

/// <summary>What <c>weft preview --json</c> prints.</summary>
/// <param name="Risk"><c>none</c>, <c>low</c>, <c>high</c> or <c>invalid</c>.</param>
/// <param name="WouldReject">What embedded proxies would refuse of what is new to them.</param>
/// <param name="NotTried">Proxies with changes of which it is not known here what they would refuse.</param>
/// <param name="Rejected">What proxies refuse already now.</param>
internal sealed record PreviewView(
    string Risk,
    ImmutableArray<string> Reasons,
    ImmutableArray<ChangeGroupView> Changes,
    ImmutableArray<string> Ends,
    ImmutableArray<RefusalView> WouldReject,
    ImmutableArray<LimitView> WouldPassOver,
    ImmutableArray<string> NotTried,
    ImmutableArray<string> Rejected,
    ImmutableArray<DiagnosticView> Diagnostics,
    UndoView? Undo)
{
    public static PreviewView Of(PreviewReport report, UndoView? undo) => new(
        report.Verdict.Name,
        report.Verdict.Reasons,
        [.. report.Groups.Select(g => new ChangeGroupView(g.Nodes, [.. g.Changes.Select(ChangeView.Of)]))],
        report.Drains,
        [.. report.Foreseen.Refused.Select(RefusalView.Of)],
        [.. report.Foreseen.PassedOver.Select(l => new LimitView(l.Nodes, l.Message))],
        report.Foreseen.Untried,
        report.Rejected,
        [.. report.Diagnostics.Select(DiagnosticView.Of)],
        undo);
}

/// <summary>Changes that the same proxies get.</summary>
internal sealed record ChangeGroupView(ImmutableArray<string> Proxies, ImmutableArray<ChangeView> Resources);

/// <summary>A resource that changes. <c>Kind</c> is <c>added</c>, <c>changed</c> or <c>removed</c>.</summary>
internal sealed record ChangeView(string Kind, string Type, string Name, ImmutableArray<string> Words)
{
    public static ChangeView Of(ResourceChange change) => new(
        change.Kind.Name, change.Type, change.Name, change.Lines);
}

/// <summary>A resource that proxies would reject, and what they would say.</summary>
internal sealed record RefusalView(ImmutableArray<string> Proxies, string Type, string Name, string Reason)
{
    public static RefusalView Of(ForeseenRefusal refused) => new(
        refused.Nodes, refused.Type, refused.Refusal.Name, refused.Refusal.Reason);
}

/// <summary>Something that the manifests ask for and proxies would not do.</summary>
internal sealed record LimitView(ImmutableArray<string> Proxies, string Message);

/// <summary>The folder that restores what is in force now.</summary>
/// <param name="Exact">Whether it gives every node exactly what it is served now.</param>
internal sealed record UndoView(string Folder, bool Exact, ImmutableArray<string> Files, ImmutableArray<string> Notes);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(PreviewView))]
internal sealed partial class PreviewViewJson : JsonSerializerContext
{
    public static string Text(PreviewView view) => JsonSerializer.Serialize(view, Plain.PreviewView);

    private static PreviewViewJson Plain => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
