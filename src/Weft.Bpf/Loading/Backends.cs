using Weft.Bpf.Libbpf;

namespace Weft.Bpf.Loading;

/// <summary>Chooses what loads an object.</summary>
internal static class Backends
{
    public static BpfObject Load(ObjectSpec spec, LoadSettings settings) => settings.Backend switch
    {
        BpfBackend.Managed => ObjectLoader.Load(spec, settings),
        BpfBackend.Libbpf => LibbpfLoader.Load(spec, settings),
        BpfBackend.Automatic => Automatic(spec, settings),
        var other => throw new ArgumentOutOfRangeException(nameof(settings), other, "there is no such back-end"),
    };

    private static BpfObject Automatic(ObjectSpec spec, LoadSettings settings)
    {
        try
        {
            var loaded = ObjectLoader.Load(spec, settings);
            if (!loaded.Results.Any(r => r.Error is BpfNotSupportedException) || !MayUseLibbpf(spec, settings))
            {
                return loaded;
            }

            loaded.Dispose();
        }
        catch (BpfNotSupportedException) when (MayUseLibbpf(spec, settings))
        {
            // Below.
        }

        return LibbpfLoader.Load(spec, settings);
    }

    // Else what the managed one says is the better answer.
    private static bool MayUseLibbpf(ObjectSpec spec, LoadSettings settings) =>
        LibbpfLibrary.IsAvailable && LibbpfLoader.WhyNot(spec, settings) is null;
}
