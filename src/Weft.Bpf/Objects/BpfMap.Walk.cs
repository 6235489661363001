namespace Weft.Bpf;

/// <content>Other views of a map.</content>
public sealed partial class BpfMap
{
    /// <summary>Goes through the elements: <c>while (walk.MoveNext())</c>.</summary>
    public MapWalk Walk() => new(this);

    /// <summary>
    /// Maps the values of an array into memory. It was made with <see cref="MapCreateFlags.Mappable"/>. Linux 5.5. The memory
    /// stays when the map is disposed of.
    /// </summary>
    /// <param name="isWritable">Whether it is to be written; frozen maps can only be read.</param>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public MapMemory OpenMemory(bool isWritable = true) => new(this, isWritable);
}
