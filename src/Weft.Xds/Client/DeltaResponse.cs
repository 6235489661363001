using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Rpc;

namespace Weft.Xds.Client;

/// <summary>Applies one response to what is known of its type.</summary>
internal static class DeltaResponse
{
    private const int InvalidArgument = 3;
    private const int Internal = 13;
    private const int MostErrorsTold = 16;

    /// <summary>The type afterwards, and why the response is refused, if it is.</summary>
    public static (DeltaTypeState Type, Status? Error) Apply(
        DeltaTypeState type, DeltaDiscoveryResponse response, ResourceCheck check)
    {
        if (Malformed(response) is { } malformed)
        {
            var error = new Status { Code = Internal, Message = malformed };
            return (type with { Known = Refused(type.Known, malformed) }, error);
        }

        var (known, errors) = Take(type, response, check);
        if (errors.Count == 0)
        {
            return (type with { Known = Accepted(known) }, null);
        }

        var text = Summary(errors);
        return (type with { Known = Refused(known, text) }, new Status { Code = InvalidArgument, Message = text });
    }

    /// <summary>The ACK, or with <paramref name="error"/> the NACK.</summary>
    public static DeltaDiscoveryRequest Answer(DeltaDiscoveryResponse response, Status? error) => new()
    {
        TypeUrl = response.TypeUrl,
        ResponseNonce = response.Nonce,
        ErrorDetail = error,
    };

    /// <summary>
    /// What makes a response senseless as a whole. "It is an error for a server to send a single response that
    /// contains the same resource name twice. Clients should NACK responses that contain multiple instances of the
    /// same resource name."
    /// </summary>
    private static string? Malformed(DeltaDiscoveryResponse response)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in response.Resources)
        {
            if (!names.Add(resource.Name))
            {
                return $"duplicate name {resource.Name} found among added/updated resources";
            }

            if (resource.Resource_ is { } body && body.TypeUrl != response.TypeUrl)
            {
                return $"type URL {body.TypeUrl} embedded in an individual Any does not match the message-wide type URL"
                    + $" {response.TypeUrl} in DeltaDiscoveryResponse";
            }
        }

        return response.RemovedResources.FirstOrDefault(n => !names.Add(n)) is { } twice
            ? $"duplicate name {twice} found in the union of added+removed resources"
            : null;
    }

    private static (XdsTypeSnapshot Known, List<string> Errors) Take(
        DeltaTypeState type, DeltaDiscoveryResponse response, ResourceCheck check)
    {
        var resources = type.Known.Resources.ToBuilder();
        var rejected = type.Known.Rejected.ToBuilder();
        var absent = type.Known.Absent.ToBuilder();
        var errors = new List<string>();
        foreach (var resource in response.Resources.Where(r => type.Wants(r.Name)))
        {
            var last = resources.GetValueOrDefault(resource.Name);
            var (next, error) = Judge(type.TypeUrl, resource, last, check);
            if (error is null)
            {
                resources[resource.Name] = next!;
                rejected.Remove(resource.Name);
                absent.Remove(resource.Name);
            }
            else
            {
                rejected[resource.Name] = new(resource.Version, error);
                errors.Add($"{resource.Name}: {error}");
            }
        }

        foreach (var name in response.RemovedResources.Where(type.Wants))
        {
            resources.Remove(name);
            rejected.Remove(name);
            if (!type.Wildcard)
            {
                absent.Add(name);
            }
        }

        var known = type.Known with
        {
            Resources = resources.ToImmutable(),
            Rejected = rejected.ToImmutable(),
            Absent = absent.ToImmutable(),
        };
        return (known, errors);
    }

    private static (XdsResource? Next, string? Error) Judge(
        string typeUrl, Resource resource, XdsResource? last, ResourceCheck check)
    {
        if (resource.Resource_ is not { } body)
        {
            // A heartbeat: "the resource field is unset, but name and version are set".
            return last?.Version == resource.Version ? (last, null) : (null, "the resource has no body");
        }

        if (last is not null && last.Body.Value.Equals(body.Value))
        {
            // Another server may count versions otherwise; the content, and what was made of it, is the same.
            return (last with { Version = resource.Version }, null);
        }

        try
        {
            var verdict = check(typeUrl, resource.Name, body);
            return verdict.Error is { } error
                ? (null, error)
                : (new(resource.Name, resource.Version, body, verdict.Value, verdict.RefersTo), null);
        }
        catch (InvalidProtocolBufferException e)
        {
            return (null, $"the message cannot be read: {e.Message}");
        }
    }

    private static XdsTypeSnapshot Accepted(XdsTypeSnapshot known) => known with
    {
        Answered = true,
        ResponsesAccepted = known.ResponsesAccepted + 1,
        LastNack = null,
    };

    private static XdsTypeSnapshot Refused(XdsTypeSnapshot known, string text) => known with
    {
        Answered = true,
        ResponsesRejected = known.ResponsesRejected + 1,
        LastNack = text,
    };

    private static string Summary(List<string> errors)
    {
        var told = string.Join('\n', errors.Take(MostErrorsTold));
        return errors.Count > MostErrorsTold ? $"{told}\nand {errors.Count - MostErrorsTold} more" : told;
    }
}
