using Envoy.Config.Route.V3;
using Google.Protobuf;

namespace Weft.Xds.Streams;

/// <summary>Route configurations that leave their virtual hosts, or some of them, to VHDS.</summary>
internal static class RoutesByHost
{
    /// <summary>
    /// A name below the route configuration that is no host's. Envoy's listener waits for an answer to its first request,
    /// which names nothing; a removal of any name below the route configuration is one, and takes nothing away.
    /// </summary>
    public static string NothingOf(XdsResource routes) => routes.Name + "/*";

    /// <summary>Whether the route configuration has a source of virtual hosts.</summary>
    public static bool IsHosted(XdsResource routes)
    {
        try
        {
            var input = routes.Body.CreateCodedInput();
            while (input.ReadTag() is var tag and not 0)
            {
                if (WireFormat.GetTagFieldNumber(tag) == RouteConfiguration.VhdsFieldNumber)
                {
                    return true;
                }

                input.SkipLastField();
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // The client will say so.
        }

        return false;
    }

    /// <summary>
    /// These are about to be sent. "Updates to the route configuration entry to which a virtual host belongs will clear
    /// the virtual host table and require all virtual hosts to be sent again" (vhds.rst).
    /// </summary>
    public static void ForgetHostsOf(IEnumerable<XdsResource> lacking, TypeState hosts)
    {
        foreach (var routes in lacking.Where(IsHosted).ToList())
        {
            var below = routes.Name + "/";
            foreach (var name in hosts.SentNames.Where(name => IsBelow(name, below)).ToList())
            {
                hosts.Forget(name);
                hosts.Doubt(name);
            }

            hosts.OwedRemovals.Add(NothingOf(routes));
            hosts.Doubt(NothingOf(routes));
        }
    }

    private static bool IsBelow(string name, string below) =>
        name.StartsWith(below, StringComparison.Ordinal) && name.IndexOf('/', below.Length) < 0;
}
