using Envoy.Config.Core.V3;
using Google.Protobuf.Collections;
using Weft.Model;
using AppendAction = Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;
using HeaderValue = Envoy.Config.Core.V3.HeaderValue;

namespace Weft.Translation;

/// <summary>Changes of headers in Envoy's words: Envoy removes first, then sets and adds in order.</summary>
internal static class HeaderOptions
{
    public static void Write(HeaderModifier change, RepeatedField<HeaderValueOption> add, RepeatedField<string> remove)
    {
        remove.AddRange(change.Remove);
        add.AddRange(change.Set.Select(h => Option(h, AppendAction.OverwriteIfExistsOrAdd)));
        add.AddRange(change.Add.Select(h => Option(h, AppendAction.AppendIfExistsOrAdd)));
    }

    // Envoy reads % as the start of a command; a doubled one stands for itself.
    private static HeaderValueOption Option(Model.HeaderValue header, AppendAction action) => new()
    {
        Header = new HeaderValue { Key = header.Name, Value = header.Value.Replace("%", "%%", StringComparison.Ordinal) },
        AppendAction = action,
    };
}
