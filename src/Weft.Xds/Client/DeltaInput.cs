using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;

namespace Weft.Xds.Client;

/// <summary>What can happen to a <see cref="DeltaClient"/>.</summary>
internal abstract record DeltaInput
{
    private DeltaInput()
    {
    }

    /// <summary>A new stream can be written to.</summary>
    internal sealed record StreamOpened : DeltaInput;

    /// <summary>The server sent a response.</summary>
    internal sealed record Received(DeltaDiscoveryResponse Response) : DeltaInput;

    /// <summary>The stream ended, or could not be opened.</summary>
    internal sealed record StreamClosed(string Error) : DeltaInput;
}

/// <summary>The state after a step, and the requests to write, in this order.</summary>
internal sealed record DeltaStep(DeltaClientState State, ImmutableArray<DeltaDiscoveryRequest> Send);
