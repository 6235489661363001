using Weft.Wasm.Sdk;

namespace Weft.EndToEnd.Tests.Plugins;

/// <summary>A plugin with mistakes, which <see cref="FaultTests"/> compiles out of this assembly and runs in a proxy.</summary>
internal struct FaultyPlugin : IHttpPlugin<FaultyPlugin, FaultyRequest>;

/// <summary>Makes the mistake that <c>x-fault</c> names; whoever names none is told so.</summary>
internal struct FaultyRequest : IHttpStream<FaultyPlugin>
{
    /// <inheritdoc/>
    public readonly FilterAction OnRequestHeaders(ref FaultyPlugin plugin, bool endOfStream)
    {
        var fault = Request.Headers.Get("x-fault"u8);
        var number = 0;
        if (fault.SequenceEqual("index"u8))
        {
            number = fault[fault.Length]; // index out of range
        }
        else if (fault.SequenceEqual("division"u8))
        {
            number = 100 / (fault.Length - 8); // division by zero
        }
        else if (fault.SequenceEqual("loop"u8))
        {
            while (fault.Length > 0) // fuel exhausted
            {
                number++;
            }
        }

        Request.Headers.Set("x-passed"u8, number == 0 ? "yes"u8 : "no"u8);
        return FilterAction.Continue;
    }
}
