namespace Weft.Wasm.Sdk.Runtime;

/// <summary>The compiler writes something else in place of calls to this method: it has the name of what.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class IntrinsicAttribute(string name) : Attribute
{
    public string Name => name;
}

/// <summary>Loops of this method look at the fuel as those of plugins do: they may take as long as the square of their input.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MeteredAttribute : Attribute;

/// <summary>The methods of this class stand in for those of the framework's class that have their names and parameters.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SubstitutesAttribute(string type) : Attribute
{
    public string Type => type;
}

/// <summary>The method becomes an export of the module, where the plugin implements one of the members named.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ExportAttribute(string name) : Attribute
{
    public string Name => name;

    /// <summary>The member of <see cref="IPlugin"/> that needs it.</summary>
    public string? OfPlugin { get; set; }

    /// <summary>The member of the stream that needs it.</summary>
    public string? OfStream { get; set; }

    /// <summary>Whether it is needed wherever contexts are kept.</summary>
    public bool WhenTracked { get; set; }

    /// <summary>What the export answers if a fault ends it.</summary>
    public int OnFault { get; set; }
}
