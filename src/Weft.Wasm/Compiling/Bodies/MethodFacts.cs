using Weft.Wasm.Compiling.Methods;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>What compiling a method tells about it.</summary>
internal sealed class MethodFacts
{
    /// <summary>What it calls, once for each place.</summary>
    public List<MethodInstance> Callees { get; } = [];

    /// <summary>How many instructions it has, with those that are written into it.</summary>
    public int Cost { get; set; }

    /// <summary>Whether it has a check of its own that can fail.</summary>
    public bool Checks { get; set; }

    /// <summary>The initializers of the types whose static fields it uses.</summary>
    public List<MethodInstance> Initializers { get; } = [];

    public bool CallsTable { get; set; }

    public int FrameSize { get; set; }
}
