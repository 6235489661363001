using Grpc.Core;

namespace Weft.Xds;

/// <summary>
/// Why a resource cannot be had: told, where <see cref="XdsServerSettings.TellsResourceErrors"/> is set, to the clients
/// that ask for it by name, instead of nothing (cncf/xds TP3, "xDS error propagation").
/// </summary>
/// <param name="TypeUrl">The type URL, such as <see cref="Xds.TypeUrl.Cluster"/>.</param>
/// <param name="Name">The name that clients ask for.</param>
/// <param name="Code">
/// What clients do: with <see cref="StatusCode.NotFound"/> and <see cref="StatusCode.PermissionDenied"/>, errors of the
/// data, they may drop what they have of the resource; with <see cref="StatusCode.Unavailable"/>,
/// <see cref="StatusCode.Internal"/> and <see cref="StatusCode.Unknown"/>, errors that may pass, they must keep it. TP3
/// leaves other codes open, such as <see cref="StatusCode.InvalidArgument"/>; clients should keep what they have.
/// </param>
/// <param name="Message">What people read in the client's log.</param>
public sealed record ResourceError(string TypeUrl, string Name, StatusCode Code, string Message)
{
    internal static ResourceError NotFound(string typeUrl, string name) =>
        new(typeUrl, name, StatusCode.NotFound, "There is no such resource.");

    internal ResourceError Checked()
    {
        ArgumentException.ThrowIfNullOrEmpty(TypeUrl);
        ArgumentException.ThrowIfNullOrEmpty(Name);
        ArgumentNullException.ThrowIfNull(Message);
        return Code == StatusCode.OK
            ? throw new ArgumentException($"The error of {TypeUrl} '{Name}' has the code OK, which is none.")
            : this;
    }
}
