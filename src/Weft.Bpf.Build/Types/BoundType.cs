using Weft.Bpf.Btf;

namespace Weft.Bpf.Build.Types;

/// <summary>A type of C# that is to be written.</summary>
internal abstract record BoundType(string Name);

internal sealed record BoundComposite(string Name, BtfComposite Type) : BoundType(Name);

internal sealed record BoundEnum(string Name, BtfEnum Type) : BoundType(Name);

/// <param name="IsText">Whether its elements are characters.</param>
internal sealed record BoundArray(string Name, string Element, uint Count, bool IsText) : BoundType(Name);

/// <param name="Structure">The structure that is seen.</param>
internal sealed record BoundView(string Name, string Structure, BtfComposite Type) : BoundType(Name);
