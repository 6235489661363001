namespace Weft.Translation;

/// <summary>A resource that another one names, to be had from the same control plane.</summary>
/// <param name="TypeUrl">Its type as xDS asks for it: <c>type.googleapis.com/…</c>.</param>
/// <param name="Name">Its name.</param>
public readonly record struct Reference(string TypeUrl, string Name);
