using System.Collections.Immutable;
using System.Diagnostics;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;

namespace Weft.Xds.Client;

/// <summary>
/// The client's side of a delta ADS stream as a pure machine: it asks for all clusters and listeners, and by name for
/// the endpoints, secrets, routes and configurations of filters that these refer to.
/// </summary>
/// <remarks>
/// <code>
///  closed --StreamOpened--> open: CDS (with node), EDS, SDS and ECDS if names, LDS, RDS if names; each with the versions known
///  open   --Received-----> open: ACK or NACK of the response, then the names that came and went
///  open   --StreamClosed-> closed: what is known stays
/// </code>
/// </remarks>
internal sealed class DeltaClient(Node node, ResourceCheck check)
{
    public DeltaStep Step(DeltaClientState state, DeltaInput input) => input switch
    {
        DeltaInput.StreamOpened => Open(state),
        DeltaInput.Received received => Receive(state, received.Response),
        DeltaInput.StreamClosed closed => Close(state, closed.Error),
        _ => throw new UnreachableException(),
    };

    private DeltaStep Open(DeltaClientState state)
    {
        var types = state.Types.ToBuilder();
        var send = ImmutableArray.CreateBuilder<DeltaDiscoveryRequest>();
        for (var i = 0; i < types.Count; i++)
        {
            // An empty first request of a type would mean "everything", also for endpoints and routes: with no names
            // to ask for, the type stays silent.
            if (types[i].Wildcard || !types[i].Names.IsEmpty)
            {
                types[i] = types[i] with { Requested = true };
                send.Add(FirstRequest(types[i]));
            }
        }

        // "Only the first message on a stream is guaranteed to carry the node identifier."
        send[0].Node = node;
        return new(state with { Types = types.ToImmutable() }, send.ToImmutable());
    }

    private static DeltaStep Close(DeltaClientState state, string error) => new(
        state with
        {
            Connected = false,
            LastError = error,
            Types = [.. state.Types.Select(t => t with { Requested = false })],
        },
        []);

    private DeltaStep Receive(DeltaClientState state, DeltaDiscoveryResponse response)
    {
        var open = state with { Connected = true, LastError = null };
        var index = IndexOf(open, response.TypeUrl);
        if (index < 0 || !open.Types[index].Requested)
        {
            // Not asked for. An answer would be the first request of the type, and so ask for everything.
            return new(open, []);
        }

        var (type, error) = DeltaResponse.Apply(open.Types[index], response, check);
        var answered = open with { Types = open.Types.SetItem(index, type) };
        var (next, subscriptions) = Subscribe(answered);
        return new(next, [DeltaResponse.Answer(response, error), .. subscriptions]);
    }

    /// <summary>Asks for the names that accepted resources refer to now, and no longer for others.</summary>
    private static (DeltaClientState, ImmutableArray<DeltaDiscoveryRequest>) Subscribe(DeltaClientState state)
    {
        var wanted = state.Types
            .SelectMany(t => t.Known.Resources.Values)
            .SelectMany(r => r.RefersTo)
            .ToLookup(r => r.TypeUrl, r => r.Name);
        var types = state.Types.ToBuilder();
        var send = ImmutableArray.CreateBuilder<DeltaDiscoveryRequest>();
        for (var i = 0; i < types.Count; i++)
        {
            var type = types[i];
            var names = wanted[type.TypeUrl].ToImmutableHashSet();
            if (type.Wildcard || names.SetEquals(type.Names))
            {
                continue;
            }

            types[i] = Renamed(type, names);
            send.Add(type.Requested ? Change(type, names) : FirstRequest(types[i]));
        }

        return (state with { Types = types.ToImmutable() }, send.ToImmutable());
    }

    private static DeltaTypeState Renamed(DeltaTypeState type, ImmutableHashSet<string> names)
    {
        var gone = type.Names.Except(names);
        return type with
        {
            Names = names,
            Requested = true,
            Known = type.Known with
            {
                Resources = type.Known.Resources.RemoveRange(gone),
                Absent = type.Known.Absent.Except(gone),
                Rejected = type.Known.Rejected.RemoveRange(gone),
            },
        };
    }

    private static DeltaDiscoveryRequest FirstRequest(DeltaTypeState type)
    {
        var request = new DeltaDiscoveryRequest { TypeUrl = type.TypeUrl };
        request.ResourceNamesSubscribe.Add(type.Names.Order(StringComparer.Ordinal));
        foreach (var resource in type.Known.Resources.Values.OrderBy(r => r.Name, StringComparer.Ordinal))
        {
            request.InitialResourceVersions.Add(resource.Name, resource.Version);
        }

        return request;
    }

    private static DeltaDiscoveryRequest Change(DeltaTypeState type, ImmutableHashSet<string> names)
    {
        var request = new DeltaDiscoveryRequest { TypeUrl = type.TypeUrl };
        request.ResourceNamesSubscribe.Add(names.Except(type.Names).Order(StringComparer.Ordinal));
        request.ResourceNamesUnsubscribe.Add(type.Names.Except(names).Order(StringComparer.Ordinal));
        return request;
    }

    private static int IndexOf(DeltaClientState state, string typeUrl)
    {
        for (var i = 0; i < state.Types.Length; i++)
        {
            if (state.Types[i].TypeUrl == typeUrl)
            {
                return i;
            }
        }

        return -1;
    }
}
