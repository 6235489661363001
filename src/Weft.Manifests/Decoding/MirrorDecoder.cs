using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads the settings of a <c>RequestMirror</c>.</summary>
internal static class MirrorDecoder
{
    private const int Million = 1_000_000;

    public static Mirror<BackendRefConfig> Decode(Head head, FieldReader settings)
    {
        if (settings.Find("backendRef") is null)
        {
            settings.Missing("backendRef", "name the service that gets the copies");
        }

        var backend = settings.Map("backendRef") is { } reference
            ? References.Target(head, reference)
            : new("Service", default, null, 1, HeaderModifier.None, HeaderModifier.None, settings.Where);
        var share = Share(settings);
        settings.Close();
        return new(backend, share);
    }

    // "Only one of Fraction or Percent may be specified. If neither … is specified, 100% of requests will be mirrored".
    private static int Share(FieldReader settings)
    {
        var percent = settings.Number("percent");
        var fraction = settings.Map("fraction");
        if (percent is not null && fraction is not null)
        {
            settings.Findings.Error(
                "WEFT1114", settings.Where, $"{settings.PathOf("percent")} and fraction exclude each other.", "remove one");
        }

        if (percent is { } whole)
        {
            return Part(settings, "percent", whole.Value, 100);
        }

        if (fraction is null)
        {
            return Million;
        }

        if (fraction.Find("numerator") is null)
        {
            fraction.Missing("numerator");
        }

        var (numerator, denominator) = (fraction.Number("numerator")?.Value ?? 0, fraction.Number("denominator")?.Value ?? 100);
        fraction.Close();
        return Part(fraction, "numerator", numerator, denominator);
    }

    private static int Part(FieldReader where, string name, int part, int whole)
    {
        if (whole >= 1 && part >= 0 && part <= whole)
        {
            return (int)((long)part * Million / whole);
        }

        where.Findings.Error(
            "WEFT1115", where.Where, $"{where.PathOf(name)}: {part} of {whole} is no share.", "use a part from 0 to the whole");
        return 0;
    }
}
