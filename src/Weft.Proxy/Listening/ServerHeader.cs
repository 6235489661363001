using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Weft.Proxy.Listening;

/// <summary>What becomes of a response's <c>server</c> header, after all other changes.</summary>
/// <param name="Name">What is written.</param>
internal sealed record ServerHeader(string Name, ServerHeaderKind Kind)
{
    /// <summary>"If not set, the default is <c>envoy</c>"; "by default, Envoy will overwrite the header".</summary>
    public static ServerHeader Default { get; } = new("envoy", ServerHeaderKind.Overwrite);

    public void Apply(IHeaderDictionary headers)
    {
        switch (Kind)
        {
            case ServerHeaderKind.Overwrite:
            case ServerHeaderKind.AddIfAbsent when headers.Server.Count == 0:
                headers.Server = Name;
                break;
            case ServerHeaderKind.AddIfAbsent or ServerHeaderKind.Pass:
                break;
            default:
                throw new UnreachableException();
        }
    }
}

internal enum ServerHeaderKind
{
    Overwrite,
    AddIfAbsent,
    Pass,
}
