namespace Weft.Model;

/// <summary>Namespace and name of an object, which together are unique within a kind.</summary>
public readonly record struct ObjectName(string Namespace, string Name) : IComparable<ObjectName>
{
    /// <summary>The namespace of an object that names none.</summary>
    public const string DefaultNamespace = "default";

    /// <summary>The full DNS name of a service of this name: <c>reviews.shop.svc.cluster.local</c>.</summary>
    public string Host => $"{Name}.{Namespace}.svc.cluster.local";

    /// <summary>The node id of a workload of this name: <c>reviews-v1.shop</c>.</summary>
    public string NodeId => $"{Name}.{Namespace}";

    /// <summary>Ordinal order by namespace, then name.</summary>
    public int CompareTo(ObjectName other)
    {
        var byNamespace = string.CompareOrdinal(Namespace, other.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(Name, other.Name);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}
