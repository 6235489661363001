namespace Weft.Wasm.Sdk;

/// <summary>The answer to an <see cref="HttpCall"/>. It can be read in the callback that brings it.</summary>
public readonly struct CallResponse
{
    internal CallResponse(int headerCount, int bodySize, int trailerCount)
    {
        HeaderCount = headerCount;
        BodySize = bodySize;
        TrailerCount = trailerCount;
    }

    /// <summary>How many headers it has.</summary>
    public int HeaderCount { get; }

    /// <summary>Bytes of its body.</summary>
    public int BodySize { get; }

    /// <summary>How many trailers it has.</summary>
    public int TrailerCount { get; }

    /// <summary>Whether there is no answer: the time was up, or the connection broke.</summary>
    public bool Failed => HeaderCount == 0;

    /// <summary>Its status, 200 for example; 0 where there is no answer.</summary>
    public int Status => Ascii.TryParseInt32(Headers.Get(":status"u8), out var status) ? status : 0;

    /// <summary>Its headers.</summary>
    public HeaderMap Headers => new(6);

    /// <summary>Its trailers.</summary>
    public HeaderMap Trailers => new(7);

    /// <summary>Its body.</summary>
    public BodyBuffer Body => new(4);
}
